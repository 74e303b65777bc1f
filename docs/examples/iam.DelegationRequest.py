import pulumi
from pulumi_aws_approvals import iam

request = iam.DelegationRequest(
    "acme",
    owner_account_id="222222222222",
    description="Read the bucket list to set up backups",
    permissions={"policy_template_arn": "arn:aws:iam:::delegation-template/example/backup"},
    notification_channel="arn:aws:sns:us-east-1:000000000000:approvals",
    session_duration=3600,
)
pulumi.export("link", request.console_deep_link)
