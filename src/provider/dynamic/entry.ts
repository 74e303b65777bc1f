/**
 * The subpath `pulumi-aws-approvals/provider`, which existing states refer to: a provider for each resource type. Types may
 * be added, but never renamed or removed. Not for use by programs.
 */
import type { dynamic } from "@pulumi/pulumi";
import { lifecycles } from "../../resources/lifecycles";
import { DynamicProvider } from "./dynamicProvider";

type Entry = { readonly [Name in keyof typeof lifecycles]: dynamic.ResourceProvider };

const entry = {};
for (const [name, lifecycle] of Object.entries(lifecycles)) {
  // Each access makes a new one, since a provider is configured for one account, and the offline engine may serve the
  // resources of several in one process.
  Object.defineProperty(entry, name, { enumerable: true, get: () => new DynamicProvider(lifecycle) });
}

export = entry as Entry;
