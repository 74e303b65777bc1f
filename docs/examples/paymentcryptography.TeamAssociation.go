package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/paymentcryptography"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		association, err := paymentcryptography.NewTeamAssociation(ctx, "imports", &paymentcryptography.TeamAssociationArgs{
			Action:     pulumi.String("IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE"),
			MpaTeamArn: pulumi.String(config.Require(ctx, "teamArn")),
		}, pulumi.Protect(true))
		if err != nil {
			return err
		}
		ctx.Export("association", association.AssociationState)
		return nil
	})
}
