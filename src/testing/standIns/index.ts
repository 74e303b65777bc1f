import type { StandIn } from "../../engine";
import { backupStandIns } from "./backup";
import { type Cloud, repeatable } from "./cloud";
import { dynamodbStandIns } from "./dynamodb";
import { eventStandIns } from "./events";
import { kmsStandIns } from "./kms";
import { cloudOfProvider } from "./provider";
import { ramStandIns } from "./ram";
import { snsStandIns } from "./sns";
import { sqsStandIns } from "./sqs";

/**
 * Stand-ins for what an `ApprovalInbox` is made of, and programs use beside it: `aws.sns.Topic`, `TopicPolicy` and
 * `TopicSubscription`, `aws.sqs.Queue` and `QueuePolicy`, `aws.dynamodb.Table` and `TableItem`, `aws.kms.Key` and `KeyPolicy`,
 * `aws.backup.LogicallyAirGappedVault`, `aws.ram.ResourceShare`, `ResourceAssociation` and `PrincipalAssociation`,
 * `aws.cloudwatch.EventRule` and `EventTarget`. Vaults, topics, queues, tables, policies and subscriptions are made in the embedded
 * AWS; keys, shares and rules are made up.
 *
 * They call the emulator as any client does, so that its `calls` show them and its faults apply. They work in the
 * account and region given here; in those of an explicit `aws.Provider`, whose keys or profile the AWS SDK resolves; or in
 * the `region` of a resource.
 *
 * @param cloud the emulator's `endpoint`, the account to act in, and the default region
 * @param madeUp ends the names that are not given, with digits that are the same in every run of a test
 */
export function awsStandIns(cloud: Cloud, madeUp = repeatable()): StandIn[] {
  const all = [
    snsStandIns,
    sqsStandIns,
    dynamodbStandIns,
    kmsStandIns,
    backupStandIns,
    ramStandIns,
    eventStandIns,
  ].flatMap((standIns) => standIns(cloud, madeUp));
  return all.map((standIn) => ({
    ...standIn,
    async configured(config, host) {
      const configured = awsStandIns(await cloudOfProvider(cloud, config, host), madeUp);
      return configured.find(({ type }) => type === standIn.type) ?? standIn;
    },
  }));
}
