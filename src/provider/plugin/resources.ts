import { type AnyLifecycle, lifecycles } from "../../resources/lifecycles";
import { parseUrn } from "./urn";

/** @throws Error when there is no such resource type */
export function lifecycleOf(urn: string): AnyLifecycle {
  const { type } = parseUrn(urn);
  const all = Object.values(lifecycles);
  const found = all.find(({ declaration }) => declaration.token === type);
  if (found) return found;
  const known = all.map(({ declaration }) => declaration.token).join(", ");
  throw new Error(`unknown resource type ${type}. Known types: ${known}`);
}
