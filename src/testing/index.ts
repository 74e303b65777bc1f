/**
 * For tests of stacks without an AWS account and without the Pulumi CLI: an embedded AWS and an offline engine. Both are
 * test doubles. docs/testing.md shows how to use them; docs/emulator.md and docs/offline-engine.md list what they leave
 * out.
 * @module pulumi-aws-approvals/testing
 */

// The emulator's Approver is hidden by the one of this folder, whom tests have act.
export type { Approver as TeamMember } from "../emulator";
export * from "../emulator";
export * from "../engine";
export { Approver } from "./approver";
export { CUSTOMER_ACCOUNT, Customer, type CustomerOptions } from "./customer";
export { AwsCallError, type Credentials } from "./emulatorClient";
export type { EngineKill, PlannedFault, ProviderKill, StackFault } from "./faults";
export { awsStandIns } from "./standIns";
export type { Cloud, MadeUp } from "./standIns/cloud";
// Replaces the emulator's own startEmulator, which has no customers and no planned faults.
export { type Account, startEmulator, type TestEmulator, type TestEmulatorOptions } from "./startEmulator";
export type { TestResource } from "./testResource";
export {
  type OutputsOf,
  type TestResult,
  TestStack,
  type TestStackOptions,
  testStack,
  VENDOR_ACCOUNT,
} from "./testStack";
