import { EngineError, ResourceInitError } from "./errors";
import { applyIgnoreChanges } from "./propertyPath";
import { nameOf, typeOf } from "./urn";
import { annotateSecrets, changedKeys, containsUnknowns, type PropertyMap, plainForProvider } from "./values";

/** Why a provider refuses a resource's inputs. */
export interface CheckFailure {
  /** Empty if the failure is about the resource as a whole. */
  property: string;
  /** Why the inputs are refused. */
  reason: string;
}

/** What a change of inputs does to a resource. */
export interface DiffResponse {
  /** undefined: the provider does not know, so the engine compares the inputs. */
  changes?: boolean;
  /** The inputs whose change requires a replacement. */
  replaces: string[];
  /** Whether the old resource must be deleted before the new one is made. */
  deleteBeforeReplace: boolean;
  /** For the user: why the answer may be wrong. */
  warning?: string;
}

export interface LiveResource {
  /** Empty if the resource no longer exists. */
  id: string;
  outputs: PropertyMap;
  inputs?: PropertyMap;
}

/** The resource that a call to a provider is about. */
export interface ResourceIdentity {
  /** The URN. */
  urn: string;
  /** The type token. */
  type: string;
  /** The name in the program. */
  name: string;
}

export const resourceIdentity = (urn: string): ResourceIdentity => ({
  urn,
  type: typeOf(urn),
  name: nameOf(urn),
});

/** The calls of Pulumi's resource provider protocol that the engine uses, with plain values. */
export interface ResourceProvider {
  check(
    resource: ResourceIdentity,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(
    resource: ResourceIdentity,
    id: string,
    olds: ResourceValues,
    news: PropertyMap,
  ): Promise<DiffResponse>;
  create(resource: ResourceIdentity, inputs: PropertyMap): Promise<LiveResource>;
  read(resource: ResourceIdentity, id: string, values: ResourceValues): Promise<LiveResource>;
  update(
    resource: ResourceIdentity,
    id: string,
    olds: ResourceValues,
    news: PropertyMap,
  ): Promise<PropertyMap>;
  /** The outputs that are known before an update. Default: the inputs. */
  previewUpdate?(olds: ResourceValues, news: PropertyMap): PropertyMap;
  delete(resource: ResourceIdentity, id: string, olds: ResourceValues): Promise<void>;
}

export interface ResourceValues {
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface Diff {
  changes: boolean;
  replaceKeys: string[];
  changedKeys: string[];
  deleteBeforeReplace: boolean;
  warning?: string;
}

/**
 * Wraps a provider that accepts neither secrets nor resource references: replaces them by plain values in requests, and
 * marks values in responses as secret if the request had a secret of the same name.
 */
export class PlainProvider {
  constructor(private readonly raw: ResourceProvider) {}

  async check(urn: string, olds: PropertyMap, news: PropertyMap) {
    const { inputs, failures } = await this.raw.check(
      resourceIdentity(urn),
      plainForProvider(olds),
      plainForProvider(news),
    );
    return { inputs: annotateSecrets(inputs, news), failures };
  }

  async diff(
    urn: string,
    id: string,
    olds: ResourceValues,
    news: PropertyMap,
    ignoreChanges: string[] = [],
  ): Promise<Diff> {
    const response = await this.raw.diff(
      resourceIdentity(urn),
      id,
      plainValues(olds),
      plainForProvider(news),
    );
    // The engine's own comparison, also for replaceOnChanges, applies only if the provider does not know.
    const keys =
      response.changes === undefined
        ? changedKeys(olds.inputs, applyIgnoreChanges(ignoreChanges, olds.inputs, news).inputs)
        : [];
    return {
      changes: response.changes ?? keys.length > 0,
      replaceKeys: response.replaces,
      changedKeys: keys,
      deleteBeforeReplace: response.deleteBeforeReplace,
      ...(response.warning !== undefined && { warning: response.warning }),
    };
  }

  async create(urn: string, inputs: PropertyMap): Promise<LiveResource> {
    const live = await this.raw.create(resourceIdentity(urn), plainForProvider(inputs)).catch((error) => {
      throw annotateInitError(error, inputs);
    });
    if (live.id === "") {
      throw new EngineError("the provider returned no id from create");
    }
    return { id: live.id, outputs: annotateSecrets(requireKnown(live.outputs), inputs) };
  }

  async read(urn: string, id: string, values: ResourceValues): Promise<LiveResource> {
    const live = await this.raw.read(resourceIdentity(urn), id, plainValues(values)).catch((error) => {
      throw annotateInitError(error, values.outputs);
    });
    return {
      id: live.id,
      outputs: annotateSecrets(requireKnown(live.outputs), values.outputs),
      ...(live.inputs && { inputs: annotateSecrets(requireKnown(live.inputs), values.inputs) }),
    };
  }

  async update(urn: string, id: string, olds: ResourceValues, news: PropertyMap): Promise<PropertyMap> {
    const outputs = await this.raw
      .update(resourceIdentity(urn), id, plainValues(olds), plainForProvider(news))
      .catch((error) => {
        throw annotateInitError(error, news);
      });
    return annotateSecrets(requireKnown(outputs), news);
  }

  previewUpdate(olds: ResourceValues, news: PropertyMap): PropertyMap {
    const outputs = this.raw.previewUpdate?.(plainValues(olds), plainForProvider(news));
    return outputs === undefined ? news : annotateSecrets(outputs, news);
  }

  delete(urn: string, id: string, olds: ResourceValues): Promise<void> {
    return this.raw.delete(resourceIdentity(urn), id, plainValues(olds));
  }
}

const plainValues = ({ inputs, outputs }: ResourceValues): ResourceValues => ({
  inputs: plainForProvider(inputs),
  outputs: plainForProvider(outputs),
});

function requireKnown(map: PropertyMap): PropertyMap {
  const unknown = Object.keys(map).find((key) => containsUnknowns(map[key] ?? null));
  if (unknown !== undefined) {
    throw new EngineError(`the provider returned an unknown value for "${unknown}" outside of a preview`);
  }
  return map;
}

function annotateInitError(error: unknown, ins: PropertyMap): unknown {
  return error instanceof ResourceInitError
    ? new ResourceInitError(error.id, annotateSecrets(error.properties as PropertyMap, ins), error.reasons)
    : error;
}
