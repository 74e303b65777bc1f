import pulumi
from pulumi_aws_approvals import mpa

available = mpa.list_policies_output()
pulumi.export("policies", available.policies)
