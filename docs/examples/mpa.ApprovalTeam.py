import pulumi
from pulumi_aws_approvals import mpa

people = "arn:aws:mpa:us-east-1:000000000000:identity-source/IamIdentityCenter"
team = mpa.ApprovalTeam(
    "restores",
    description="Decides who may restore the backups",
    approval_strategy={"m_of_n": {"min_approvals_required": 2}},
    approvers=[
        {"primary_identity_id": user, "primary_identity_source_arn": people}
        for user in ["alice", "bob", "carol"]
    ],
    policies=[
        {
            "policy_arn": "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"
        }
    ],
)
pulumi.export("team", team.arn)
