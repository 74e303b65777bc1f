import { type ReadRequest, ReadResponse } from "@pulumi/pulumi/proto/provider_pb";
import { computedIn, inputsOf } from "../../declaration/arguments";
import { className, type ResourceDeclaration } from "../../declaration/properties";
import type { Values } from "../../declaration/values";
import { decode, encode } from "./encoding";
import { lifecycleOf } from "./resources";
import { secretsOfState } from "./secrets";
import { type Plugin, requestOf } from "./session";
import { stateOf } from "./state";

/** A refresh sends the state; an import and a `get` send an id, and at most arguments. */
export async function read(plugin: Plugin, request: ReadRequest): Promise<ReadResponse> {
  const lifecycle = lifecycleOf(request.getUrn());
  const { declaration } = lifecycle;
  const id = request.getId();
  const properties = decode(request.getProperties());
  const inputs = decode(request.getInputs());
  // The lowest SDK that may be there has no such field.
  const timeout = "getTimeout" in request ? request.getTimeout() : 0;
  const common = requestOf(plugin, declaration, request.getUrn(), timeout);
  const isRefresh = hasOutputs(declaration, properties.values);
  if (isRefresh) plugin.diffs.follow(request.getUrn(), "read");
  const state = isRefresh
    ? await lifecycle.read({ ...common, id, state: stateOf(declaration, properties.values) })
    : await lifecycle.import({ ...common, id });
  if (!state) {
    // The engine then says only that it does not exist.
    if (!isRefresh)
      common.context.log(`${className(declaration)}: ${id} was not found in the account of the credentials.`);
    return new ReadResponse();
  }
  const secrets = [...properties.secrets, ...secretsOfState(declaration, inputs.secrets)];
  const known = inputsOf(declaration, state, computedIn(declaration, inputs.values));
  return new ReadResponse().setId(id).setProperties(encode(state, secrets)).setInputs(encode(known, secrets));
}

const hasOutputs = ({ inputs, outputs }: ResourceDeclaration, properties: Values): boolean =>
  Object.keys(outputs).some((name) => !(name in inputs) && properties[name] !== undefined);
