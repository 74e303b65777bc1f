package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		conf := config.New(ctx, "")
		grant, err := iam.NewDelegationGrant(ctx, "acme", &iam.DelegationGrantArgs{
			DelegationRequestId: pulumi.String(conf.Require("requestId")),
			Inbox: &iam.DelegationGrantInboxArgs{
				TableArn: pulumi.String(conf.Require("tableArn")),
				QueueUrl: pulumi.String(conf.Require("queueUrl")),
				TopicArn: pulumi.String(conf.Require("topicArn")),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("granted", grant.Granted)
		return nil
	})
}
