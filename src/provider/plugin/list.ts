import { type ListRequest, ListResponse } from "@pulumi/pulumi/proto/provider_pb";
import { coerceProperties } from "../../declaration/coerce";
import { className } from "../../declaration/properties";
import { hasUnknowns } from "../../declaration/unknown";
import { validate } from "../../declaration/validate";
import { functions, listings } from "../../functions";
import { resources } from "../../resources";
import { decode } from "./encoding";
import { unsupported } from "./errors";
import { run } from "./invoke";
import { type Plugin, sessionOf } from "./session";

interface Listed {
  arn: string;
  name?: string;
}

/** What the account has of a resource type, whether a stack manages it or not: the ids by which it is imported. */
export async function list(plugin: Plugin, request: ListRequest): Promise<ListResponse[]> {
  const name = listingOf(request.getToken());
  const { inputs } = functions[name];
  const query = coerceProperties(inputs, decode(request.getQuery()).values);
  const [failure] = validate(inputs, query);
  if (failure) throw new Error(`${failure.property}: ${failure.reason}`);
  if (hasUnknowns(query)) return [new ListResponse().setComputed(new ListResponse.Computed())];
  const result = await run(name, query, sessionOf(plugin).aws);
  const listed = Object.values(result).flat() as Listed[];
  const limit = request.getLimit();
  return listed
    .slice(0, limit > 0 ? limit : undefined)
    .map((one) =>
      new ListResponse().setResult(new ListResponse.Result().setId(one.arn).setName(one.name ?? "")),
    );
}

/** @throws "unimplemented" when resources of the type cannot be listed */
function listingOf(token: string): (typeof listings)[keyof typeof listings] {
  const names = Object.keys(listings) as (keyof typeof listings)[];
  const found = names.find((name) => resources[name].token === token);
  if (found) return listings[found];
  const known = names.map((name) => className(resources[name])).join(", ");
  return unsupported(`${token} cannot be listed; ${known} can.`);
}
