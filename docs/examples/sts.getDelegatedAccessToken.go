package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/sts"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		token := config.New(ctx, "").RequireSecret("token")
		access := sts.GetDelegatedAccessTokenOutput(ctx, sts.GetDelegatedAccessTokenOutputArgs{
			TradeInToken: token,
		})
		ctx.Export("until", access.Credentials().Expiration())
		return nil
	})
}
