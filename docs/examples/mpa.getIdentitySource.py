import pulumi
from pulumi_aws_approvals import mpa

config = pulumi.Config()
people = mpa.get_identity_source_output(arn=config.require("sourceArn"))
pulumi.export("portal", people.approval_portal_url)
