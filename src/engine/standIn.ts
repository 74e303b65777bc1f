import { EngineError } from "./errors";
import type { CheckFailure, DiffResponse, ResourceIdentity, ResourceProvider } from "./provider";
import { changedKeys, type PropertyMap } from "./values";

/**
 * An in-process provider for one resource type whose plugin is not available. All arguments and results are plain values:
 * no secrets, and unknown values only in `check` and `diff` of a preview.
 */
export interface StandIn {
  /** The type token, for example `aws:sns/topic:Topic`. */
  type: string;
  /** The inputs whose change requires a replacement. Default: all if there is no `update`, otherwise none. */
  replaces?: readonly string[];
  /** Outputs that an update never changes, so that its preview knows them. Default: none. */
  stables?: readonly string[];
  /** Default: the unchanged inputs and no failures. `olds` is empty for a resource that does not exist yet. */
  check?(olds: PropertyMap, news: PropertyMap, resource: ResourceIdentity): Awaitable<CheckedInputs>;
  /** Default: a changed input in `replaces` requires a replacement, any other an update. */
  diff?(id: string, olds: PropertyMap, news: PropertyMap): Awaitable<Partial<DiffResponse>>;
  /** Makes the resource. */
  create(inputs: PropertyMap, resource: ResourceIdentity): Awaitable<CreatedResource>;
  /** Finds the resource as it is now. Default: it is unchanged. */
  read?(id: string, props: PropertyMap): Awaitable<ReadResource>;
  /** Changes the resource. Without it, every change replaces. */
  update?(id: string, olds: PropertyMap, news: PropertyMap): Awaitable<Omit<CreatedResource, "id">>;
  /** Deletes the resource. Default: does nothing. */
  delete?(id: string, props: PropertyMap): Awaitable<void>;
  /**
   * The stand-in that acts as a provider with inputs does. Default: this one, whatever the provider's inputs.
   * @throws Error when a provider with these inputs cannot work
   */
  configured?(config: PropertyMap, host: PluginHost): Awaitable<StandIn>;
}

/** What {@link StandIn.check} answers. */
export interface CheckedInputs {
  /** The inputs, with what is left out filled in. */
  inputs: PropertyMap;
  /** Why inputs are refused. Default: they are not. */
  failures?: CheckFailure[];
}

/** What {@link StandIn.create} answers. */
export interface CreatedResource {
  /** The provider's id of the resource. */
  id: string;
  /** All outputs, including the inputs. Default: the inputs. */
  outs?: PropertyMap;
}

/** What {@link StandIn.read} answers. */
export interface ReadResource {
  /** The provider's id of the resource; empty when it no longer exists. */
  id: string;
  /** All outputs, including the inputs. Default: none. */
  props?: PropertyMap;
  /** The inputs that would make the resource as it is. Default: those in the state. */
  inputs?: PropertyMap;
}

/** Where a plugin's process would run. */
export interface PluginHost {
  /** The program's folder. */
  cwd: string;
  /** The environment variables of that process. */
  env: NodeJS.ProcessEnv;
}

/** @inline */
type Awaitable<T> = T | Promise<T>;

export function standInProvider(standIn: StandIn): ResourceProvider {
  return {
    async check(resource, olds, news) {
      const { inputs, failures = [] } = (await standIn.check?.(olds, news, resource)) ?? { inputs: news };
      return { inputs, failures };
    },
    async diff(_, id, olds, news) {
      if (standIn.diff !== undefined) {
        return { replaces: [], deleteBeforeReplace: false, ...(await standIn.diff(id, olds.outputs, news)) };
      }
      const changed = changedKeys(olds.inputs, news);
      const replaces = standIn.update === undefined ? changed : (standIn.replaces ?? []);
      return {
        changes: changed.length > 0,
        replaces: changed.filter((key) => replaces.includes(key)),
        deleteBeforeReplace: false,
      };
    },
    async create(resource, inputs) {
      const { id, outs = inputs } = await standIn.create(inputs, resource);
      return { id, outputs: outs };
    },
    async read(_, id, { outputs }) {
      const live = (await standIn.read?.(id, outputs)) ?? { id, props: outputs };
      return { id: live.id, outputs: live.props ?? {}, ...(live.inputs && { inputs: live.inputs }) };
    },
    async update({ type }, id, olds, news) {
      if (standIn.update === undefined) {
        throw new EngineError(`the stand-in for ${type} has no update`);
      }
      return (await standIn.update(id, olds.outputs, news)).outs ?? news;
    },
    previewUpdate(olds, news) {
      const stable = Object.entries(olds.outputs).filter(([key]) => standIn.stables?.includes(key));
      return { ...Object.fromEntries(stable), ...news };
    },
    async delete(_, id, { outputs }) {
      await standIn.delete?.(id, outputs);
    },
  };
}
