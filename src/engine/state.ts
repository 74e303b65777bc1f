import { EngineError, UnsupportedFeatureError } from "./errors";
import type { Crypter } from "./secrets";
import {
  isObject,
  isSecret,
  makeSecret,
  type PropertyMap,
  type PropertyValue,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
} from "./values";

export interface CustomTimeouts {
  /** Seconds. */
  create?: number;
  update?: number;
  delete?: number;
  read?: number;
}

/** One resource of a deployment, with decrypted secrets. The fields have the names of Pulumi's state file (ResourceV3). */
export interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent: string;
  /** `urn::id` of its provider; empty for components and providers. */
  provider: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  /** Read with `get`, and not managed by the stack. */
  external: boolean;
  /** Already replaced, and waiting for deletion. */
  delete: boolean;
  initErrors: string[];
  /** Already deleted (deleteBeforeReplace), and waiting for its replacement. */
  pendingReplacement: boolean;
  additionalSecretOutputs: string[];
  aliases: string[];
  customTimeouts: CustomTimeouts;
  retainOnDelete: boolean;
  deletedWith: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  importID: string;
  created: string;
  modified: string;
}

export type OperationType = "creating" | "updating" | "deleting" | "reading";

export interface PendingOperation {
  resource: ResourceState;
  type: OperationType;
}

/** What `pulumi stack export` prints: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go */
export interface ExportedDeployment {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state?: Record<string, unknown> };
    resources?: StoredResource[];
    pending_operations?: { resource: StoredResource; type: string }[];
    metadata?: Record<string, unknown>;
    [other: string]: unknown;
  };
}

export type StoredResource = Partial<ResourceState> & { urn: string; type: string; [other: string]: unknown };

export function newResourceState(
  fields: Partial<ResourceState> & { urn: string; type: string },
): ResourceState {
  return {
    custom: false,
    id: "",
    inputs: {},
    outputs: {},
    parent: "",
    provider: "",
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    external: false,
    delete: false,
    initErrors: [],
    pendingReplacement: false,
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: {},
    retainOnDelete: false,
    deletedWith: "",
    ignoreChanges: [],
    replaceOnChanges: [],
    importID: "",
    created: "",
    modified: "",
    ...fields,
  };
}

const UNSUPPORTED_FIELDS: Record<string, string> = {
  taint: "tainted resources",
  viewOf: "resource views",
  replaceWith: "the replaceWith option",
  replacementTrigger: "the replacementTrigger option",
  resourceHooks: "resource hooks",
  extensionRef: "parameterized providers",
  snippetID: "snippets",
  refreshBeforeUpdate: "refreshBeforeUpdate",
};

/** @throws UnsupportedFeatureError if the resource uses a feature that the offline engine does not support */
export function readResource(stored: StoredResource, crypter: Crypter | undefined): ResourceState {
  for (const [field, feature] of Object.entries(UNSUPPORTED_FIELDS)) {
    const value = stored[field];
    if (value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)) {
      throw new UnsupportedFeatureError(`${feature} (in the state of ${stored.urn})`);
    }
  }
  const state = newResourceState({ urn: stored.urn, type: stored.type });
  for (const field of Object.keys(state) as (keyof ResourceState)[]) {
    const value = stored[field];
    if (value !== undefined && value !== null) {
      Object.assign(state, { [field]: value });
    }
  }
  state.inputs = readMap(state.inputs, crypter);
  state.outputs = readMap(state.outputs, crypter);
  return state;
}

function readMap(map: PropertyMap, crypter: Crypter | undefined): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, readValue(value, crypter)]));
}

// Encrypting gives a different ciphertext each time. Reusing the known one keeps the file of an unchanged state unchanged.
const ciphertexts = new WeakMap<object, { crypter: Crypter; ciphertext: string }>();

function readValue(value: PropertyValue, crypter: Crypter | undefined): PropertyValue {
  if (Array.isArray(value)) {
    return value.map((element) => readValue(element, crypter));
  }
  if (!isObject(value)) {
    return value;
  }
  if (!isSecret(value)) {
    return readMap(value, crypter);
  }
  const { plaintext, ciphertext } = value;
  if (typeof plaintext === "string") {
    return makeSecret(JSON.parse(plaintext));
  }
  if (typeof ciphertext !== "string") {
    throw new EngineError("a secret in the state has neither plaintext nor ciphertext");
  }
  if (crypter === undefined) {
    throw new EngineError("the state has encrypted secrets but names no secrets provider");
  }
  const secret = makeSecret(JSON.parse(crypter.decrypt(ciphertext)));
  ciphertexts.set(secret as object, { crypter, ciphertext });
  return secret;
}

/** @param crypter - if undefined, secrets are written as plaintext, as by `pulumi stack export --show-secrets` */
export function writeResource(state: ResourceState, crypter: Crypter | undefined): StoredResource {
  const stored: StoredResource = { urn: state.urn, custom: state.custom, type: state.type };
  for (const [field, value] of Object.entries(state)) {
    if (!isEmpty(value)) {
      stored[field] = value;
    }
  }
  if (stored.inputs !== undefined) {
    stored.inputs = writeMap(state.inputs, crypter);
  }
  if (stored.outputs !== undefined) {
    stored.outputs = writeMap(state.outputs, crypter);
  }
  return stored;
}

function isEmpty(value: unknown): boolean {
  return (
    value === "" ||
    value === false ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function writeMap(map: PropertyMap, crypter: Crypter | undefined): PropertyMap {
  const keys = Object.keys(map).sort();
  return Object.fromEntries(keys.map((key) => [key, writeValue(map[key] ?? null, crypter)]));
}

function writeValue(value: PropertyValue, crypter: Crypter | undefined): PropertyValue {
  if (Array.isArray(value)) {
    return value.map((element) => writeValue(element, crypter));
  }
  if (!isObject(value)) {
    return value;
  }
  if (!isSecret(value)) {
    return writeMap(value, crypter);
  }
  const plaintext = JSON.stringify(writeValue(value.value, undefined));
  if (crypter === undefined) {
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, plaintext };
  }
  const known = ciphertexts.get(value);
  const ciphertext = known?.crypter === crypter ? known.ciphertext : crypter.encrypt(plaintext);
  ciphertexts.set(value, { crypter, ciphertext });
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext };
}
