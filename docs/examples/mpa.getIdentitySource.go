package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		people := mpa.LookupIdentitySourceOutput(ctx, mpa.LookupIdentitySourceOutputArgs{
			Arn: pulumi.String(config.Require(ctx, "sourceArn")),
		})
		ctx.Export("portal", people.ApprovalPortalUrl())
		return nil
	})
}
