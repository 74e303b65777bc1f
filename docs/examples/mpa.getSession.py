import pulumi
from pulumi_aws_approvals import mpa

config = pulumi.Config()
session = mpa.get_session_output(session_arn=config.require("sessionArn"))
pulumi.export("votes", session.approver_responses)
