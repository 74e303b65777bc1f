package main

import (
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/iam"
	"github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go/awsapprovals/mpa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(quickstart)
}

func quickstart(ctx *pulumi.Context) error {
	conf := config.New(ctx, "")
	setting := func(key, example string) pulumi.String {
		if value := conf.Get(key); value != "" {
			return pulumi.String(value)
		}
		return pulumi.String(example)
	}

	// The people of this IAM Identity Center instance can become approvers.
	people, err := mpa.NewIdentitySource(ctx, "people", &mpa.IdentitySourceArgs{
		IamIdentityCenter: &mpa.IdentitySourceIamIdentityCenterArgs{
			InstanceArn: setting("instanceArn", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
			Region:      setting("instanceRegion", "us-east-1"),
		},
		Tags: pulumi.StringMap{"team": pulumi.String("security")},
	})
	if err != nil {
		return err
	}

	// Ask this customer for an hour in their account.
	request, err := iam.NewDelegationRequest(ctx, "backup-setup", &iam.DelegationRequestArgs{
		OwnerAccountId: setting("customer", "222222222222"),
		Description:    pulumi.String("Read the list of buckets, to set up backups"),
		RequestMessage: pulumi.String("Workspace acme, ticket 4711"),
		Permissions: &iam.DelegationRequestPermissionsArgs{
			PolicyTemplateArn: setting("policyTemplateArn", "arn:aws:iam:::delegation-template/example/backup"),
			Parameters: iam.DelegationRequestPermissionsParametersArray{
				&iam.DelegationRequestPermissionsParametersArgs{
					Name:   pulumi.String("bucketPrefix"),
					Type:   pulumi.String("string"),
					Values: pulumi.StringArray{pulumi.String("acme-")},
				},
			},
		},
		NotificationChannel: setting("notificationChannel", "arn:aws:sns:us-east-1:000000000000:approvals"),
		SessionDuration:     pulumi.Int(3600),
	})
	if err != nil {
		return err
	}

	ctx.Export("identitySourceArn", people.Arn)
	ctx.Export("approvalPortalUrl", people.ApprovalPortalUrl)
	ctx.Export("delegationRequestId", request.DelegationRequestId)
	ctx.Export("consoleDeepLink", request.ConsoleDeepLink)
	ctx.Export("state", request.State)
	// The inbox with that topic, where aws-approvals wait finds the answers.
	ctx.Export("tableArn", setting("tableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/approvals"))
	return nil
}
