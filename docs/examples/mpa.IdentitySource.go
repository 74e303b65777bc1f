package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		source, err := mpa.NewIdentitySource(ctx, "people", &mpa.IdentitySourceArgs{
			IamIdentityCenter: &mpa.IdentitySourceIamIdentityCenterArgs{
				InstanceArn: pulumi.String("arn:aws:sso:::instance/ssoins-1234567890abcdef"),
				Region:      pulumi.String("eu-west-1"),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("portal", source.ApprovalPortalUrl)
		return nil
	})
}
