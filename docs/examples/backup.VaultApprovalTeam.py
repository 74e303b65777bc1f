import pulumi
from pulumi_aws_approvals import backup

config = pulumi.Config()
protection = backup.VaultApprovalTeam(
    "protection",
    backup_vault_name="air-gapped",
    mpa_approval_team_arn=config.require("teamArn"),
    opts=pulumi.ResourceOptions(protect=True),
)
pulumi.export("vault", protection.backup_vault_arn)
