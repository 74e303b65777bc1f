package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/backup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		access, err := backup.NewRestoreAccessVault(ctx, "access", &backup.RestoreAccessVaultArgs{
			SourceBackupVaultArn: pulumi.String(config.Require(ctx, "vaultArn")),
			RequesterComment:     pulumi.String("After the fire"),
		})
		if err != nil {
			return err
		}
		ctx.Export("session", access.MpaSessionArn)
		return nil
	})
}
