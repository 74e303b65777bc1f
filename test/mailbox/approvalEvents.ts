export const TEAM = "arn:aws:mpa:us-east-1:111122223333:approval-team/ops-1";
export const SESSION = "arn:aws:mpa:us-east-1:111122223333:session/ops-1/s";

/** An event as AWS's user guide shows it, in EventBridge's envelope. */
export const event = (eventName: string, ARN: string, serviceEventDetails: object, more: object = {}) => ({
  version: "0",
  source: "aws.multi-party-approval",
  "detail-type": "AWS Service Event via CloudTrail",
  detail: {
    eventVersion: "1.10",
    userIdentity: { accountId: "111122223333", invokedBy: "mpa.amazonaws.com" },
    eventTime: "2026-01-14T01:41:59Z",
    eventSource: "mpa.amazonaws.com",
    eventName,
    requestParameters: null,
    resources: [{ accountId: "111122223333", type: "AWS::MPA::Team", ARN }],
    eventType: "AwsServiceEvent",
    serviceEventDetails,
    ...more,
  },
});
