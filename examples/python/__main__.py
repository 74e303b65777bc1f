import pulumi
from pulumi_aws_approvals import iam, mpa

config = pulumi.Config()


def setting(key: str, example: str) -> str:
    return config.get(key) or example


# The people of this IAM Identity Center instance can become approvers.
people = mpa.IdentitySource(
    "people",
    iam_identity_center={
        "instance_arn": setting("instanceArn", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
        "region": setting("instanceRegion", "us-east-1"),
    },
    tags={"team": "security"},
)

# Ask this customer for an hour in their account.
request = iam.DelegationRequest(
    "backup-setup",
    owner_account_id=setting("customer", "222222222222"),
    description="Read the list of buckets, to set up backups",
    request_message="Workspace acme, ticket 4711",
    permissions={
        "policy_template_arn": setting(
            "policyTemplateArn", "arn:aws:iam:::delegation-template/example/backup"
        ),
        "parameters": [{"name": "bucketPrefix", "type": "string", "values": ["acme-"]}],
    },
    notification_channel=setting(
        "notificationChannel", "arn:aws:sns:us-east-1:000000000000:approvals"
    ),
    session_duration=config.get_int("sessionDuration") or 3600,
)

pulumi.export("identitySourceArn", people.arn)
pulumi.export("approvalPortalUrl", people.approval_portal_url)
pulumi.export("delegationRequestId", request.delegation_request_id)
pulumi.export("consoleDeepLink", request.console_deep_link)
pulumi.export("state", request.state)
# The inbox with that topic, where aws-approvals wait finds the answers.
pulumi.export(
    "tableArn", setting("tableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/approvals")
)
