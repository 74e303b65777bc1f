import pulumi
from pulumi_aws_approvals import mpa

config = pulumi.Config()
team = mpa.get_approval_team_output(arn=config.require("teamArn"))
pulumi.export("teamStatus", team.status)
