import pulumi
from pulumi_aws_approvals import mpa

teams = mpa.get_approval_teams_output()
pulumi.export("teams", teams.approval_teams)
