import pulumi
from pulumi_aws_approvals import iam

config = pulumi.Config()
grant = iam.DelegationGrant(
    "acme",
    delegation_request_id=config.require("requestId"),
    inbox={
        "table_arn": config.require("tableArn"),
        "queue_url": config.require("queueUrl"),
        "topic_arn": config.require("topicArn"),
    },
)
pulumi.export("granted", grant.granted)
