import type { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "../../sdk";
import { decode } from "./encoding";
import { lifecycleOf } from "./resources";
import { type Plugin, requestOf } from "./session";
import { stateOf } from "./state";

export async function remove(plugin: Plugin, request: DeleteRequest): Promise<InstanceType<typeof Empty>> {
  const lifecycle = lifecycleOf(request.getUrn());
  const { declaration } = lifecycle;
  const common = requestOf(plugin, declaration, request.getUrn(), request.getTimeout());
  const state = stateOf(declaration, decode(request.getProperties()).values);
  await lifecycle.delete({ ...common, id: request.getId(), state });
  return new Empty();
}
