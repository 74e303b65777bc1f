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

/** The option `customTimeouts` of a resource. */
export interface CustomTimeouts {
  /** Seconds. */
  create?: number;
  /** Seconds. */
  update?: number;
  /** Seconds. */
  delete?: number;
  /** Seconds. */
  read?: number;
}

/** One resource of a deployment, with decrypted secrets. The fields have the names of Pulumi's state file (ResourceV3). */
export interface ResourceState {
  /** The URN, unique in the stack. */
  urn: string;
  /** The type token. */
  type: string;
  /** Whether a provider manages it; false for a component. */
  custom: boolean;
  /** The provider's id; empty for a component. */
  id: string;
  /** The inputs that the provider has checked. */
  inputs: PropertyMap;
  /** The outputs. */
  outputs: PropertyMap;
  /** The URN of the parent; empty for the stack itself. */
  parent: string;
  /** `urn::id` of its provider; empty for components and providers. */
  provider: string;
  /** The URNs of the resources that it depends on. */
  dependencies: string[];
  /** The URNs that each input depends on. */
  propertyDependencies: Record<string, string[]>;
  /** The option `protect`: it may not be deleted. */
  protect: boolean;
  /** Read with `get`, and not managed by the stack. */
  external: boolean;
  /** Already replaced, and waiting for deletion. */
  delete: boolean;
  /** Why its initialization failed; the next update tries again. */
  initErrors: string[];
  /** Already deleted (deleteBeforeReplace), and waiting for its replacement. */
  pendingReplacement: boolean;
  /** The outputs that the program has made secret. */
  additionalSecretOutputs: string[];
  /** The URNs that it had before. */
  aliases: string[];
  /** The option `customTimeouts`. */
  customTimeouts: CustomTimeouts;
  /** The option `retainOnDelete`: the provider is not asked to delete it. */
  retainOnDelete: boolean;
  /** The URN of a resource whose deletion deletes this one, too. */
  deletedWith: string;
  /** The inputs whose changes are ignored. */
  ignoreChanges: string[];
  /** The inputs whose changes replace. */
  replaceOnChanges: string[];
  /** The id that it was imported with; empty if it was not. */
  importID: string;
  /** When it was made, RFC 3339. */
  created: string;
  /** When it was last changed, RFC 3339. */
  modified: string;
}

export type OperationType = "creating" | "updating" | "deleting" | "reading";

export interface PendingOperation {
  resource: ResourceState;
  type: OperationType;
}

/** What `pulumi stack export` prints: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go */
export interface ExportedDeployment {
  /** The version of the format. */
  version: 3;
  /** The state. */
  deployment: {
    /** What wrote the state, and when. */
    manifest: {
      /** When it was written, RFC 3339. */
      time: string;
      /** A checksum of the version. */
      magic: string;
      /** The version of the engine. */
      version: string;
    };
    /** What has encrypted the secrets, and with which parameters. */
    secrets_providers?: {
      /** The type, such as `passphrase`. */
      type: string;
      /** Its parameters, such as the salt. */
      state?: Record<string, unknown>;
    };
    /** The resources, each after what it depends on. */
    resources?: StoredResource[];
    /** Operations that were interrupted: nobody knows whether they had an effect. */
    pending_operations?: {
      /** The resource as it was before. */
      resource: StoredResource;
      /** `creating`, `updating`, `deleting` or `reading`. */
      type: string;
    }[];
    /** What else the engine keeps of a deployment. */
    metadata?: Record<string, unknown>;
    [other: string]: unknown;
  };
}

/** A resource in a state file: empty fields are left out, and secrets are encrypted. */
export interface StoredResource extends Partial<ResourceState> {
  /** The URN, unique in the stack. */
  urn: string;
  /** The type token. */
  type: string;
  [other: string]: unknown;
}

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
