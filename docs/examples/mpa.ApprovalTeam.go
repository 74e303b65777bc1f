package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		people := pulumi.String("arn:aws:mpa:us-east-1:000000000000:identity-source/IamIdentityCenter")
		approvers := mpa.ApprovalTeamApproversArray{}
		for _, user := range []string{"alice", "bob", "carol"} {
			approvers = append(approvers, &mpa.ApprovalTeamApproversArgs{
				PrimaryIdentityId:        pulumi.String(user),
				PrimaryIdentitySourceArn: people,
			})
		}
		team, err := mpa.NewApprovalTeam(ctx, "restores", &mpa.ApprovalTeamArgs{
			Description: pulumi.String("Decides who may restore the backups"),
			ApprovalStrategy: &mpa.ApprovalTeamApprovalStrategyArgs{
				MOfN: &mpa.ApprovalTeamApprovalStrategyMOfNArgs{MinApprovalsRequired: pulumi.Int(2)},
			},
			Approvers: approvers,
			Policies: mpa.ApprovalTeamPoliciesArray{
				&mpa.ApprovalTeamPoliciesArgs{
					PolicyArn: pulumi.String("arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"),
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("team", team.Arn)
		return nil
	})
}
