import pulumi
from pulumi_aws_approvals import paymentcryptography

config = pulumi.Config()
association = paymentcryptography.TeamAssociation(
    "imports",
    action="IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE",
    mpa_team_arn=config.require("teamArn"),
    opts=pulumi.ResourceOptions(protect=True),
)
pulumi.export("association", association.association_state)
