import pulumi
from pulumi_aws_approvals import mpa

sources = mpa.get_identity_sources_output()
pulumi.export("sources", sources.identity_sources)
