import { isDeepStrictEqual } from "node:util";
import {
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { readConfiguration, type StackConfiguration } from "../../aws/configuration";
import { type Setting, settings } from "../../aws/settings";
import { hasUnknowns } from "../../declaration/unknown";
import { omit, type Values } from "../../declaration/values";
import { openSession } from "../context";
import { decode, encode } from "./encoding";
import { declaredSecrets } from "./secrets";
import type { Plugin } from "./session";

const declared: Readonly<Record<string, Setting>> = settings;

/** What the engine adds to the arguments of a provider. */
const OF_ENGINE = ["version", "pluginDownloadURL"];

/** Credentials are secret from here on, whether the program says so or not. */
export function checkConfig(request: CheckRequest): CheckResponse {
  const { values, secrets } = decode(request.getNews());
  return new CheckResponse()
    .setInputs(encode(values, [...secrets, ...declaredSecrets(settings)]))
    .setFailuresList(checkArguments(values).map((reason) => new CheckFailure().setReason(reason)));
}

/** All that is wrong with single arguments, and else what is wrong between them. */
function checkArguments(values: Values): string[] {
  const known = Object.entries(values).filter(([, value]) => !hasUnknowns(value));
  const failures = known
    .filter(([name]) => !declared[name]?.credentials)
    .flatMap(([name, value]) => failuresOf({ [name]: value }));
  const isComplete = known.length === Object.keys(values).length;
  return failures.length === 0 && isComplete ? failuresOf(values) : failures;
}

function failuresOf(values: Values): string[] {
  try {
    readConfiguration(configurationOf(values));
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The arguments as the stack's configuration has them. */
const configurationOf = (values: Values): StackConfiguration =>
  Object.fromEntries(
    Object.entries(omit(values, OF_ENGINE)).map(([name, value]) => [`aws-approvals:${name}`, value]),
  );

/** Other settings reach the same resources, or fail to read them; they never make new ones. */
export function diffConfig(request: DiffRequest): DiffResponse {
  const olds = decode(request.getOldInputs() ?? request.getOlds()).values;
  const news = decode(request.getNews()).values;
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = names.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  return new DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(changed);
}

export function configure(plugin: Plugin, request: ConfigureRequest): ConfigureResponse {
  const { values } = decode(request.getArgs());
  const log = (line: string) => plugin.engine?.info(line);
  plugin.session = openSession(configurationOf(values), plugin.clock, log);
  return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
}
