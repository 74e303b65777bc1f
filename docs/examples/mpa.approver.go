package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		alice := mpa.ApproverOutput(ctx, mpa.ApproverOutputArgs{
			UserName:        pulumi.String("alice"),
			IdentityStoreId: pulumi.String("d-1234567890"),
		})
		ctx.Export("aliceId", alice.PrimaryIdentityId())
		return nil
	})
}
