import { CheckFailure, type CheckRequest, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { inputNames } from "../../declaration/arguments";
import { coerceProperties } from "../../declaration/coerce";
import type { CheckFailure as Failure } from "../../declaration/validate";
import { pick } from "../../declaration/values";
import { checkInputs, withoutProperty } from "../check";
import { decode, encode } from "./encoding";
import { lifecycleOf } from "./resources";
import { noteOn, type Plugin, sessionOf } from "./session";

export function check(plugin: Plugin, request: CheckRequest): CheckResponse {
  const lifecycle = lifecycleOf(request.getUrn());
  const olds = decode(request.getOlds()).values;
  const { values, secrets } = decode(request.getNews());
  const isNew = Object.keys(olds).length === 0;
  if (!isNew) plugin.diffs.follow(request.getUrn(), "check");
  const { inputs, failures, warnings } = checkInputs(lifecycle, {
    olds: isNew ? undefined : pick(olds, inputNames(lifecycle.declaration)),
    news: coerceProperties(lifecycle.declaration.inputs, values),
    tags: sessionOf(plugin).tags,
  });
  noteOn(plugin, request.getUrn(), warnings);
  return new CheckResponse().setInputs(encode(inputs, secrets)).setFailuresList(failures.map(toMessage));
}

export function toMessage(failure: Failure): CheckFailure {
  const { property, reason } = withoutProperty(failure);
  return new CheckFailure().setProperty(property).setReason(reason);
}
