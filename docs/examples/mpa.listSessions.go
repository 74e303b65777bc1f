package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		pending := mpa.ListSessionsOutput(ctx, mpa.ListSessionsOutputArgs{
			ApprovalTeamArn: pulumi.String(config.Require(ctx, "teamArn")),
			Filters: mpa.ListSessionsFiltersArray{
				&mpa.ListSessionsFiltersArgs{
					FieldName: pulumi.String("SessionStatus"),
					Operator:  pulumi.String("EQ"),
					Value:     pulumi.String("PENDING"),
				},
			},
		})
		ctx.Export("pending", pending.Sessions())
		return nil
	})
}
