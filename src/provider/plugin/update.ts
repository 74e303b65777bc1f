import { type UpdateRequest, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { computedIn, inputNames } from "../arguments";
import { UNKNOWN } from "../unknown";
import { omit, pick, type Values } from "../values";
import { decode, encode } from "./encoding";
import { reportingInitialization } from "./errors";
import { type AnyLifecycle, lifecycleOf } from "./resources";
import { secretsOfState } from "./secrets";
import { type Plugin, requestOf } from "./session";
import { stateOf } from "./state";

export async function update(plugin: Plugin, request: UpdateRequest): Promise<UpdateResponse> {
  const urn = request.getUrn();
  const lifecycle = lifecycleOf(urn);
  const { declaration } = lifecycle;
  const id = request.getId();
  const state = stateOf(declaration, decode(request.getOlds()).values);
  const { values: inputs, secrets } = decode(request.getNews());
  const toOutputs = (updated: object) => encode(updated, secretsOfState(declaration, secrets));
  if (request.getPreview()) {
    const olds = pick(decode(request.getOldInputs()).values, inputNames(declaration));
    return new UpdateResponse().setProperties(toOutputs(previewOf(lifecycle, olds, state, inputs)));
  }
  return reportingInitialization(toOutputs, async () => {
    const common = requestOf(plugin, declaration, urn, request.getTimeout());
    const updated = await lifecycle.update({ ...common, id, state, inputs });
    return new UpdateResponse().setProperties(toOutputs(updated));
  });
}

/** The state after an update, as far as it is known before: an output stays as it is, unless it is why there is an update. */
function previewOf({ declaration, diff }: AnyLifecycle, olds: Values, state: Values, inputs: Values): Values {
  const kept = computedIn(declaration, inputs);
  const removed = Object.keys(declaration.inputs).filter((name) => !kept.includes(name));
  const changing = diff({ olds, state, inputs }).updates.filter((name) => !(name in declaration.inputs));
  return {
    ...omit(state, removed),
    ...Object.fromEntries(changing.map((name) => [name, UNKNOWN])),
    ...inputs,
  };
}
