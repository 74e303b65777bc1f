package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		session := mpa.GetSessionOutput(ctx, mpa.GetSessionOutputArgs{
			SessionArn: pulumi.String(config.Require(ctx, "sessionArn")),
		})
		ctx.Export("votes", session.ApproverResponses())
		return nil
	})
}
