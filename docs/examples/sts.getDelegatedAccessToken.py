import pulumi
from pulumi_aws_approvals import sts

token = pulumi.Config().require_secret("token")
access = sts.get_delegated_access_token_output(trade_in_token=token)
pulumi.export("until", access.credentials.expiration)
