import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { parseDuration } from "../duration";
import type { Alias } from "./aliases";
import { EngineError, UnsupportedFeatureError } from "./errors";
import type { CustomTimeouts } from "./state";
import { isProviderType, packageOf } from "./urn";
import { containsAssets, fromStruct, type PropertyMap, reduceOutputValues } from "./values";

/** The desired state of one resource, as the program registers it. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  inputs: PropertyMap;
  parent: string;
  provider: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** undefined: inherited from the parent. */
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deletedWith: string;
  /** undefined: the provider decides. */
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  customTimeouts: CustomTimeouts;
}

/** The arguments of a `Resource.get(name, id)` call. */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  inputs: PropertyMap;
  parent: string;
  provider: string;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** @throws UnsupportedFeatureError if the request uses an option that the offline engine does not support */
export function goalOf(request: RegisterResourceRequest): Goal {
  refuseUnsupported(request);
  const inputs = reduceOutputValues(fromStruct(request.getObject()));
  const type = request.getType();
  if (containsAssets(inputs)) {
    throw new UnsupportedFeatureError("assets and archives");
  }
  if (isProviderType(type) && request.getVersion() !== "") {
    inputs["version"] = request.getVersion();
  }
  const isDefined = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    type,
    name: request.getName(),
    custom: request.getCustom(),
    inputs,
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      request
        .getPropertydependenciesMap()
        .getEntryList()
        .map(([key]) => [key, request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? []]),
    ),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith(),
    deleteBeforeReplace: isDefined ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map(aliasOf),
    ],
    customTimeouts: timeoutsOf(request.getCustomtimeouts()),
  };
}

export function readGoalOf(request: ReadResourceRequest): ReadGoal {
  if (packageOf(request.getType()) === "pulumi") {
    throw new UnsupportedFeatureError(`${request.getType()} (stack references among them)`);
  }
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    inputs: reduceOutputValues(fromStruct(request.getProperties())),
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

/** Accessors that the oldest supported SDK does not have yet. */
interface NewerRequestFields {
  getEnvvarmappingsMap?(): { getLength(): number };
  getReplaceWithList?(): unknown[];
  getStateMigrationsList?(): unknown[];
  hasReplacementTrigger?(): boolean;
}

function refuseUnsupported(request: RegisterResourceRequest): void {
  const recent: NewerRequestFields = request;
  const hooks = Object.values(request.getHooks()?.toObject() ?? {});
  const requested: [boolean, string][] = [
    [request.getRemote(), "remote components"],
    [request.getTransformsList().length > 0, "transforms"],
    [(recent.getStateMigrationsList?.().length ?? 0) > 0, "state migrations"],
    [request.getImportid() !== "", "the import option"],
    [request.getPackageref() !== "", "parameterized providers"],
    [hooks.some((names) => names.length > 0), "resource hooks"],
    [(recent.getReplaceWithList?.().length ?? 0) > 0, "the replaceWith option"],
    [recent.hasReplacementTrigger?.() ?? false, "the replacementTrigger option"],
    [request.getHidediffsList().length > 0, "the hideDiffs option"],
    [(recent.getEnvvarmappingsMap?.().getLength() ?? 0) > 0, "the envVarMappings option"],
  ];
  const found = requested.find(([isRequested]) => isRequested);
  if (found !== undefined) {
    throw new UnsupportedFeatureError(
      `${found[1]} (asked for by ${request.getType()} "${request.getName()}")`,
    );
  }
}

function aliasOf(message: AliasMessage): Alias {
  const spec = message.getSpec();
  if (spec === undefined) {
    return { urn: message.getUrn() };
  }
  return {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent(),
  };
}

/** @throws EngineError if the text is not a duration in Go's notation */
export function durationInSeconds(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new EngineError(`"${text}" is not a duration such as 5m or 1h30m`);
  return milliseconds / 1000;
}

function timeoutsOf(message: RegisterResourceRequest.CustomTimeouts | undefined): CustomTimeouts {
  const given = Object.entries(message?.toObject() ?? {}).filter(([, text]) => text !== "");
  return Object.fromEntries(given.map(([operation, text]) => [operation, durationInSeconds(text)]));
}
