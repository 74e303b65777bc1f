import pulumi
from pulumi_aws_approvals import mpa

source = mpa.IdentitySource(
    "people",
    iam_identity_center={
        "instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "region": "eu-west-1",
    },
)
pulumi.export("portal", source.approval_portal_url)
