import pulumi
from pulumi_aws_approvals import mpa

config = pulumi.Config()
pending = mpa.list_sessions_output(
    approval_team_arn=config.require("teamArn"),
    filters=[{"field_name": "SessionStatus", "operator": "EQ", "value": "PENDING"}],
)
pulumi.export("pending", pending.sessions)
