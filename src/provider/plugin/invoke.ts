import { type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { AwsClients } from "../../aws/clients";
import { coerceProperties } from "../../declaration/coerce";
import { hasUnknowns } from "../../declaration/unknown";
import { validate } from "../../declaration/validate";
import type { Values } from "../../declaration/values";
import { functions } from "../../functions";
import { toMessage } from "./check";
import { decode, encode } from "./encoding";
import { declaredSecrets } from "./secrets";
import { type Plugin, sessionOf } from "./session";

export async function invoke(plugin: Plugin, request: InvokeRequest): Promise<InvokeResponse> {
  const name = nameOf(request.getTok());
  const { inputs, outputs } = functions[name];
  const values = coerceProperties(inputs, decode(request.getArgs()).values);
  const failures = validate(inputs, values);
  if (failures.length > 0) return new InvokeResponse().setFailuresList(failures.map(toMessage));
  // Pulumi takes no unknown values in a result, and an empty one for not known yet.
  if (hasUnknowns(values)) return new InvokeResponse().setReturn(encode({}));
  const result = await run(name, values, sessionOf(plugin).aws);
  return new InvokeResponse().setReturn(encode(result, declaredSecrets(outputs)));
}

/** @throws Error when there is no such function */
function nameOf(token: string): keyof typeof functions {
  const names = Object.keys(functions) as (keyof typeof functions)[];
  const found = names.find((name) => functions[name].token === token);
  if (found) return found;
  const known = names.map((name) => functions[name].token).join(", ");
  throw new Error(`unknown function ${token}. Known functions: ${known}`);
}

/** @param args as its declaration has them */
export async function run(name: keyof typeof functions, args: Values, clients: AwsClients): Promise<object> {
  const { implementations } = await import("../../functions/implementations");
  const implementation = implementations[name] as (args: Values, clients: AwsClients) => Promise<object>;
  return implementation(args, clients);
}
