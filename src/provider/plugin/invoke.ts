import { type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { getDelegatedAccessToken } from "../../functions/sts/properties";
import { hasUnknowns } from "../unknown";
import { validate } from "../validate";
import { toMessage } from "./check";
import { decode, encode } from "./encoding";
import { declaredSecrets } from "./secrets";
import { type Plugin, sessionOf } from "./session";

export async function invoke(plugin: Plugin, request: InvokeRequest): Promise<InvokeResponse> {
  const { token, inputs, outputs } = getDelegatedAccessToken;
  if (request.getTok() !== token)
    throw new Error(`there is no function ${request.getTok()}; there is ${token}`);
  const { values } = decode(request.getArgs());
  const failures = validate(inputs, values);
  if (failures.length > 0) return new InvokeResponse().setFailuresList(failures.map(toMessage));
  if (hasUnknowns(values)) return new InvokeResponse().setReturn(encode({}));
  const { tradeIn } = await import("../../functions/sts/tradeIn");
  const access = await tradeIn(String(values["tradeInToken"]), sessionOf(plugin).aws);
  return new InvokeResponse().setReturn(encode(access, declaredSecrets(outputs)));
}
