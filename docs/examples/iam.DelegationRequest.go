package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		request, err := iam.NewDelegationRequest(ctx, "acme", &iam.DelegationRequestArgs{
			OwnerAccountId: pulumi.String("222222222222"),
			Description:    pulumi.String("Read the bucket list to set up backups"),
			Permissions: &iam.DelegationRequestPermissionsArgs{
				PolicyTemplateArn: pulumi.String("arn:aws:iam:::delegation-template/example/backup"),
			},
			NotificationChannel: pulumi.String("arn:aws:sns:us-east-1:000000000000:approvals"),
			SessionDuration:     pulumi.Int(3600),
		})
		if err != nil {
			return err
		}
		ctx.Export("link", request.ConsoleDeepLink)
		return nil
	})
}
