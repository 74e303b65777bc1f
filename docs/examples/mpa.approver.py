import pulumi
from pulumi_aws_approvals import mpa

alice = mpa.approver_output(user_name="alice", identity_store_id="d-1234567890")
pulumi.export("aliceId", alice.primary_identity_id)
