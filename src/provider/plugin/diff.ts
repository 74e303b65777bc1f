import { isDeepStrictEqual } from "node:util";
import { type DiffRequest, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceDeclaration } from "../../declaration/properties";
import type { Path } from "../../declaration/unknown";
import { formatPath } from "../../declaration/validate";
import type { Values } from "../../declaration/values";
import { type Change, changesOf } from "../diff";
import { type Decoded, decode } from "./encoding";
import { lifecycleOf } from "./resources";
import { noteOn, type Plugin } from "./session";
import { knownInputs } from "./state";

export function diff(plugin: Plugin, request: DiffRequest): DiffResponse {
  const lifecycle = lifecycleOf(request.getUrn());
  const { declaration } = lifecycle;
  const oldInputs = decode(request.getOldInputs()).values;
  const state = decode(request.getOlds());
  const news = decode(request.getNews());
  const olds = knownInputs(declaration, state.values, { oldInputs, news: news.values });
  const compared = { olds, state: state.values, inputs: news.values };
  const differences = lifecycle.diff(compared);
  const { replaces, deleteBeforeReplace = false, notes = [] } = differences;
  const secrets = news.secrets.map(([name]) => String(name));
  const isOfChange = plugin.diffs.isOfChange(request.getUrn(), differences);
  const asked = isOfChange ? lifecycle.asks?.({ ...compared, ...differences, secrets }) : undefined;
  noteOn(plugin, request.getUrn(), [...notes, ...(asked ?? [])]);
  const exposed = exposedNames(state, news);
  const names = new Set([...differences.updates, ...replaces, ...exposed]);
  const response = new DiffResponse()
    .setChanges(DiffResponse.DiffChanges[names.size > 0 ? "DIFF_SOME" : "DIFF_NONE"])
    .setReplacesList(replaces)
    .setDiffsList([...names])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const details = response.getDetaileddiffMap();
  for (const name of names) {
    for (const { path, kind } of changesIn(declaration, name, olds, news.values)) {
      const detail = new PropertyDiff()
        .setKind(kindOf(kind, replaces.includes(name)))
        .setInputdiff(exposed.includes(name) || !isDeepStrictEqual(oldInputs[name], news.values[name]));
      details.set(formatPath(path), detail);
    }
  }
  return response;
}

/**
 * The inputs that have become secret, and that the state still has in plain text: an update encrypts them there. Pulumi
 * leaves the outputs of an unchanged resource as they are.
 */
function exposedNames(state: Decoded, news: Decoded): string[] {
  const isHidden = (path: Path) => state.secrets.some((secret) => secret.every((key, i) => key === path[i]));
  const exposed = news.secrets.filter((path) => !isHidden(path)).map(([name]) => String(name));
  return exposed.filter((name) => state.values[name] !== undefined);
}

/** Where a property differs. One that is only an output differs as a whole, and so does one that is renewed as it is. */
function changesIn({ inputs }: ResourceDeclaration, name: string, olds: Values, news: Values): Change[] {
  const property = inputs[name];
  const changes = property ? changesOf(property, olds[name], news[name], [name]) : [];
  return changes.length > 0 ? changes : [{ path: [name], kind: "update" }];
}

function kindOf(kind: Change["kind"], replaces: boolean): PropertyDiff.Kind {
  const { Kind } = PropertyDiff;
  if (kind === "add") return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (kind === "delete") return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
