import { type UpdateRequest, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { computedIn } from "../../declaration/arguments";
import { namesWhere, type Properties, type ResourceDeclaration } from "../../declaration/properties";
import { UNKNOWN } from "../../declaration/unknown";
import { omit, type Values } from "../../declaration/values";
import type { AnyLifecycle } from "../../resources/lifecycles";
import { decode, encode } from "./encoding";
import { reportingInitialization } from "./errors";
import { lifecycleOf } from "./resources";
import { secretsOfState } from "./secrets";
import { type Plugin, requestOf } from "./session";
import { knownInputs, richerOutputs, stateOf } from "./state";

export async function update(plugin: Plugin, request: UpdateRequest): Promise<UpdateResponse> {
  const urn = request.getUrn();
  const lifecycle = lifecycleOf(urn);
  const { declaration } = lifecycle;
  const id = request.getId();
  const state = stateOf(declaration, decode(request.getOlds()).values);
  const { values: inputs, secrets } = decode(request.getNews());
  const toOutputs = (updated: object) => encode(updated, secretsOfState(declaration, secrets));
  if (request.getPreview()) {
    const oldInputs = decode(request.getOldInputs()).values;
    const olds = knownInputs(declaration, state, { oldInputs, news: inputs });
    return new UpdateResponse().setProperties(toOutputs(previewOf(lifecycle, olds, state, inputs)));
  }
  return reportingInitialization(toOutputs, async () => {
    const common = requestOf(plugin, declaration, urn, request.getTimeout());
    const updated = await lifecycle.update({ ...common, id, state, inputs });
    return new UpdateResponse().setProperties(toOutputs(updated));
  });
}

/** The state after an update, as far as it is known before: an output stays as it is, unless the update changes it. */
function previewOf({ declaration, diff }: AnyLifecycle, olds: Values, state: Values, inputs: Values): Values {
  const richer = richerOutputs(declaration);
  const kept = [...computedIn(declaration, inputs), ...richer];
  const removed = Object.keys(declaration.inputs).filter((name) => !kept.includes(name));
  const unknown = unknownAfter(declaration, diff({ olds, state, inputs }).updates, inputs);
  return {
    ...omit(state, removed),
    ...omit(inputs, richer),
    ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])),
  };
}

/** Of what an update changes, the outputs that are not known before; if people vote on it, also those that tell of the vote. */
function unknownAfter(declaration: ResourceDeclaration, updates: readonly string[], given: Values): string[] {
  const { inputs, outputs } = declaration;
  const richer = richerOutputs(declaration);
  const isVoted = (name: string) => (inputs[name] ?? outputs[name])?.voted === true;
  // A check may have set a tracked output to what it will be.
  const isOutput = (name: string) => richer.includes(name) || !(name in inputs || name in given);
  const changing = updates.filter((name) => isOutput(name) || isVoted(name));
  const voted = namesWhere<Properties>(outputs, (output) => output.voted);
  return updates.some(isVoted) ? [...changing, ...voted] : changing;
}
