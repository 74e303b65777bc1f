import { type UpdateRequest, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { AnyLifecycle } from "../../resources/lifecycles";
import { computedIn } from "../arguments";
import { UNKNOWN } from "../unknown";
import { omit, type Values } from "../values";
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

/** The state after an update, as far as it is known before: an output stays as it is, unless it is why there is an update. */
function previewOf({ declaration, diff }: AnyLifecycle, olds: Values, state: Values, inputs: Values): Values {
  const richer = richerOutputs(declaration);
  const kept = [...computedIn(declaration, inputs), ...richer];
  const removed = Object.keys(declaration.inputs).filter((name) => !kept.includes(name));
  const changing = diff({ olds, state, inputs }).updates.filter(
    (name) => !(name in declaration.inputs) || richer.includes(name),
  );
  return {
    ...omit(state, removed),
    ...omit(inputs, richer),
    ...Object.fromEntries(changing.map((name) => [name, UNKNOWN])),
  };
}
