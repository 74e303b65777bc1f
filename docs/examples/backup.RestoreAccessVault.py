import pulumi
from pulumi_aws_approvals import backup

config = pulumi.Config()
access = backup.RestoreAccessVault(
    "access",
    source_backup_vault_arn=config.require("vaultArn"),
    requester_comment="After the fire",
)
pulumi.export("session", access.mpa_session_arn)
