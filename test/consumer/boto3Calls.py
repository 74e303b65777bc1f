"""The embedded AWS as boto3 sees it, whose models and parsers are AWS's own. Prints what came back, as JSON."""

import json

import boto3
from botocore.exceptions import ClientError

PARTNER, CUSTOMER = "111122223333", "444455556666"
TOPIC = f"arn:aws:sns:us-east-1:{PARTNER}:approvals"


def client(service, account=PARTNER, **credentials):
    keys = {"aws_access_key_id": account, "aws_secret_access_key": "secret"}
    return boto3.client(service, region_name="us-east-1", **(credentials or keys))


def error_of(call, **arguments):
    try:
        return call(**arguments)
    except ClientError as error:
        return [type(error).__name__, error.response["Error"]["Code"]]


iam, customer = client("iam"), client("iam", CUSTOMER)
sns, sqs, mpa = client("sns"), client("sqs"), client("mpa")
said = {}

statement = {
    "Effect": "Allow",
    "Principal": {"Service": "iam.amazonaws.com"},
    "Action": "SNS:Publish",
    "Resource": TOPIC,
}
policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
sns.create_topic(Name="approvals", Attributes={"Policy": policy})
queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{PARTNER}:inbox")


def request(workflow):
    return iam.create_delegation_request(
        Description="Back up <your> buckets & more",
        Permissions={
            "PolicyTemplateArn": f"arn:aws:iam::{PARTNER}:delegation-template/backup",
            "Parameters": [{"Name": "buckets", "Type": "stringList", "Values": ["a", "b"]}],
        },
        RequestorWorkflowId=workflow,
        NotificationChannel=TOPIC,
        SessionDuration=3600,
    )


def messages_up_to_the_token():
    received = []
    while not any("ExchangeToken" in message for message in received):
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            received.append(json.loads(json.loads(message["Body"])["Message"]))
    return received


created = request("granted")
granted = created["DelegationRequestId"]
said["linkNamesTheRequest"] = granted in created["ConsoleDeepLink"]
said["again"] = error_of(request, workflow="granted")
customer.associate_delegation_request(DelegationRequestId=granted)
shown = customer.get_delegation_request(DelegationRequestId=granted)["DelegationRequest"]
said["shown"] = [shown["State"], shown["Description"], shown["OwnerAccountId"], shown["SessionDuration"]]
said["createdAt"] = type(shown["CreateDate"]).__name__
customer.accept_delegation_request(DelegationRequestId=granted)
customer.send_delegation_token(DelegationRequestId=granted)
news = messages_up_to_the_token()
said["news"] = sorted(message["State"] for message in news if "State" in message)

token = next(message["ExchangeToken"] for message in news if "ExchangeToken" in message)
traded = client("sts").get_delegated_access_token(TradeInToken=token)["Credentials"]
session = {
    "aws_access_key_id": traded["AccessKeyId"],
    "aws_secret_access_key": traded["SecretAccessKey"],
    "aws_session_token": traded["SessionToken"],
}
said["expires"] = type(traded["Expiration"]).__name__
said["account"] = client("sts", **session).get_caller_identity()["Account"]

rejected = request("rejected")["DelegationRequestId"]
customer.associate_delegation_request(DelegationRequestId=rejected)
customer.reject_delegation_request(DelegationRequestId=rejected, Notes="not now")
listed = customer.list_delegation_requests()["DelegationRequests"]
said["listed"] = sorted((one["State"], one.get("RejectionReason")) for one in listed)
unknown = "00000000-0000-4000-8000-000000000000"
said["unknown"] = error_of(iam.get_delegation_request, DelegationRequestId=unknown)

arn = mpa.create_identity_source(
    IdentitySourceParameters={
        "IamIdentityCenter": {
            "InstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
            "Region": "us-east-1",
        }
    },
    Tags={"team": "security"},
)["IdentitySourceArn"]
said["source"] = arn
pages = mpa.get_paginator("list_identity_sources").paginate()
said["sources"] = [one["IdentitySourceArn"] for page in pages for one in page["IdentitySources"]]
said["status"] = mpa.get_identity_source(IdentitySourceArn=arn)["Status"]
mpa.tag_resource(ResourceArn=arn, Tags={"stage": "test"})
mpa.untag_resource(ResourceArn=arn, TagKeys=["team"])
said["tags"] = mpa.list_tags_for_resource(ResourceArn=arn)["Tags"]
mpa.delete_identity_source(IdentitySourceArn=arn)
said["gone"] = error_of(mpa.get_identity_source, IdentitySourceArn=arn)
said["policies"] = [policy["Name"] for policy in mpa.list_policies()["Policies"]]
said["notEmulated"] = error_of(client("backup").list_backup_plans)

dynamodb = client("dynamodb")
dynamodb.create_table(
    TableName="mailbox",
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
    Tags=[{"Key": "team", "Value": "security"}],
)
dynamodb.get_waiter("table_exists").wait(TableName="mailbox")
ttl = {"Enabled": True, "AttributeName": "expiresAt"}
dynamodb.update_time_to_live(TableName="mailbox", TimeToLiveSpecification=ttl)
table = dynamodb.describe_table(TableName="mailbox")["Table"]
table_tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
said["table"] = [table["TableStatus"], type(table["CreationDateTime"]).__name__, table_tags]
said["timeToLive"] = dynamodb.describe_time_to_live(TableName="mailbox")["TimeToLiveDescription"]
update = {
    "TableName": table["TableArn"],
    "Key": {"pk": {"S": "state#1"}},
    "UpdateExpression": "SET stage = :stage",
    "ConditionExpression": "attribute_not_exists(stage) OR stage < :stage",
}
for stage in ("2", "4"):
    dynamodb.update_item(**update, ExpressionAttributeValues={":stage": {"N": stage}})
said["older"] = error_of(dynamodb.update_item, **update, ExpressionAttributeValues={":stage": {"N": "3"}})
keys = {"Keys": [{"pk": {"S": "state#1"}}, {"pk": {"S": "state#2"}}]}
said["items"] = dynamodb.batch_get_item(RequestItems={"mailbox": keys})["Responses"]["mailbox"]
pages = dynamodb.get_paginator("scan").paginate(TableName="mailbox", PaginationConfig={"PageSize": 1})
said["scanned"] = sum(page["Count"] for page in pages)
said["transaction"] = error_of(dynamodb.transact_write_items, TransactItems=[{"Put": {
    "TableName": "mailbox", "Item": {"pk": {"S": "a"}}}}])

print(json.dumps(said, default=str))
