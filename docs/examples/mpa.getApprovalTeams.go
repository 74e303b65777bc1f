package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		teams := mpa.GetApprovalTeamsOutput(ctx, mpa.GetApprovalTeamsOutputArgs{})
		ctx.Export("teams", teams.ApprovalTeams())
		return nil
	})
}
