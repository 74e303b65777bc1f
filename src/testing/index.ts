/**
 * Tests of approvals with no account and no Pulumi CLI: an embedded AWS and an offline engine. Both are test doubles;
 * docs/emulator.md and docs/offline-engine.md say what they leave out, and docs/testing.md how to use them.
 */

export * from "../emulator";
export * from "../engine";
export { CUSTOMER_ACCOUNT, Customer } from "./customer";
export type { EngineKill, PlannedFault, ProviderKill, StackFault } from "./faults";
export type { TestResource } from "./resources";
export { awsStandIns } from "./standIns";
// In place of the emulator's own, which has neither people nor plans.
export { type Account, startEmulator, type TestEmulator, type TestEmulatorOptions } from "./startEmulator";
export {
  type OutputsOf,
  type TestResult,
  TestStack,
  type TestStackOptions,
  testStack,
  VENDOR_ACCOUNT,
} from "./testStack";
export { AwsCallError } from "./wire";
