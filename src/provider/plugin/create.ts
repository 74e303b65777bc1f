import { type CreateRequest, CreateResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceDeclaration } from "../../declaration/properties";
import { UNKNOWN } from "../../declaration/unknown";
import { omit, type Values } from "../../declaration/values";
import { decode, encode } from "./encoding";
import { reportingInitialization } from "./errors";
import { lifecycleOf } from "./resources";
import { secretsOfState } from "./secrets";
import { type Plugin, requestOf } from "./session";
import { richerOutputs } from "./state";

export async function create(plugin: Plugin, request: CreateRequest): Promise<CreateResponse> {
  const urn = request.getUrn();
  const lifecycle = lifecycleOf(urn);
  const { declaration } = lifecycle;
  const { values: inputs, secrets } = decode(request.getProperties());
  const toOutputs = (state: object) => encode(state, secretsOfState(declaration, secrets));
  if (request.getPreview())
    return new CreateResponse().setProperties(toOutputs(previewOf(declaration, inputs)));
  return reportingInitialization(toOutputs, async () => {
    const common = requestOf(plugin, declaration, urn, request.getTimeout());
    const { id, state } = await lifecycle.create({ ...common, inputs });
    return new CreateResponse().setId(id).setProperties(toOutputs(state));
  });
}

/** The state after a create, as far as it is known before: the inputs. */
function previewOf(declaration: ResourceDeclaration, inputs: Values): Values {
  const unknowns = Object.keys(declaration.outputs).map((name) => [name, UNKNOWN]);
  return { ...Object.fromEntries(unknowns), ...omit(inputs, richerOutputs(declaration)) };
}
