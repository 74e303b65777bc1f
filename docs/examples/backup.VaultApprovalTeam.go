package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/backup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		protection, err := backup.NewVaultApprovalTeam(ctx, "protection", &backup.VaultApprovalTeamArgs{
			BackupVaultName:    pulumi.String("air-gapped"),
			MpaApprovalTeamArn: pulumi.String(config.Require(ctx, "teamArn")),
		}, pulumi.Protect(true))
		if err != nil {
			return err
		}
		ctx.Export("vault", protection.BackupVaultArn)
		return nil
	})
}
