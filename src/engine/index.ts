export type { Diagnostic, Severity } from "./deployment";
export { EngineError, EngineKilledError, UnsupportedFeatureError } from "./errors";
export type { Program, ProjectFolder } from "./program";
export type { CheckFailure, DiffResponse, ResourceIdentity } from "./provider";
export { IncorrectPassphraseError } from "./secrets";
export { createStack, OfflineStack } from "./stack";
export type { GivenConfig, SecretConfigValue } from "./stackConfig";
export type { CheckedInputs, CreatedResource, PluginHost, ReadResource, StandIn } from "./standIn";
export type { CustomTimeouts, ExportedDeployment, ResourceState, StoredResource } from "./state";
export type { Op, ProviderOp, StepPhase } from "./stepExecutor";
export {
  OperationFailedError,
  type OperationOptions,
  type OperationResult,
  type Output,
  type PreviewOptions,
  type RefreshOperationOptions,
  type StackOptions,
  type Step,
} from "./types";
export type { PropertyMap, PropertyValue } from "./values";
