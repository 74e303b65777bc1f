import type { StandIn } from "../../engine";
import { backupStandIns } from "./backup";
import { type Cloud, repeatable } from "./cloud";
import { kmsStandIns } from "./kms";
import { snsStandIns } from "./sns";
import { sqsStandIns } from "./sqs";

/**
 * Stand-ins for what an `ApprovalInbox` is made of, and programs use beside it: `aws.sns.Topic`, `TopicPolicy` and
 * `TopicSubscription`, `aws.sqs.Queue` and `QueuePolicy`, `aws.kms.Key` and `KeyPolicy`,
 * `aws.backup.LogicallyAirGappedVault`. Vaults, topics, queues, policies and
 * subscriptions are made in the embedded AWS; keys are made up.
 *
 * They call the emulator as any client does, so that its `calls` show it and its faults strike. They work in the
 * account and region given here, or in the `region` of a resource: explicit `aws.Provider`s change nothing.
 *
 * @param cloud the emulator's `endpoint`, the account to act in, and the default region
 * @param madeUp ends the names that are not given, with digits that are the same in every run of a test
 */
export function awsStandIns(cloud: Cloud, madeUp = repeatable()): StandIn[] {
  return [snsStandIns, sqsStandIns, kmsStandIns, backupStandIns].flatMap((standIns) =>
    standIns(cloud, madeUp),
  );
}
