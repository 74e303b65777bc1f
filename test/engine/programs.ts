import type { Config, Operation } from "./engines";
import type { FileCloud } from "./fileCloud";
import type { ProgramDescription, ResourceDescription } from "./fixtures/declare";

export interface Run {
  operation: Operation;
  options?: { refresh?: boolean; clearPendingCreates?: boolean };
  /** The program of this run and the following ones. */
  program?: ProgramDescription;
  /** Changes the cloud before the run. */
  before?: (world: FileCloud) => void;
  /** The expected error. Default: the run succeeds. */
  fails?: RegExp;
}

export interface Comparison {
  name: string;
  config?: Config;
  runs: Run[];
}

const a = (inputs: Record<string, unknown> = {}, options = {}): ResourceDescription => ({
  name: "a",
  inputs: { value: 1, ...inputs },
  options,
});
const thing = (name: string, inputs: Record<string, unknown> = {}, options = {}): ResourceDescription => ({
  name,
  inputs,
  options,
});
const provider = (name: string, inputs: Record<string, unknown>): ResourceDescription => ({
  name,
  kind: "provider",
  inputs,
});
const outOf = (name: string) => ({ $out: name });
const program = (...resources: ResourceDescription[]) => ({ resources });

export const COMPARISONS: Comparison[] = [
  {
    name: "an output of one in another, then an update, then nothing",
    runs: [
      {
        operation: "preview",
        program: { resources: [a(), thing("b", { value: outOf("a") })], outputs: { b: outOf("b") } },
      },
      { operation: "up" },
      { operation: "up" },
      {
        operation: "preview",
        program: {
          resources: [a({ value: 2 }), thing("b", { value: outOf("a") })],
          outputs: { b: outOf("b"), more: [1, { deep: true }] },
        },
      },
      { operation: "up" },
      { operation: "preview", program: program(a({ value: 2 })) },
      { operation: "up" },
      { operation: "destroy" },
    ],
  },
  {
    name: "components with children, and a dependency on a component",
    runs: [
      {
        operation: "up",
        program: program(
          { name: "g", kind: "group", inputs: { size: 1 } },
          thing("child", { value: 1 }, { parent: "g" }),
          { name: "inner", kind: "group", options: { parent: "g" } },
          thing("grandchild", {}, { parent: "inner" }),
          thing("after", {}, { dependsOn: ["g"] }),
        ),
      },
      {
        operation: "up",
        program: program(
          { name: "g", kind: "group", inputs: { size: 2 } },
          thing("child", { value: 2 }, { parent: "g" }),
          thing("after", {}, { dependsOn: ["g"] }),
        ),
      },
      { operation: "destroy" },
    ],
  },
  {
    name: "a replacement, create before delete, with dependents",
    runs: [
      {
        operation: "up",
        program: program(a({ r: 1 }), thing("b", { value: outOf("a") }), thing("c", { r: outOf("a") })),
      },
      {
        operation: "preview",
        program: program(a({ r: 2 }), thing("b", { value: outOf("a") }), thing("c", { r: outOf("a") })),
      },
      { operation: "up" },
      { operation: "destroy" },
    ],
  },
  {
    name: "a replacement, delete before create, with dependents that have to go and some that do not",
    runs: [
      {
        operation: "up",
        program: program(
          a({ rd: 1 }),
          thing("b", { r: outOf("a") }),
          thing("c", { r: outOf("b") }),
          thing("d", { value: outOf("a") }),
          thing("e", {}, { dependsOn: ["a"] }),
          thing("gone", { r: outOf("a") }),
        ),
      },
      {
        operation: "preview",
        program: program(
          a({ rd: 2 }),
          thing("b", { r: outOf("a") }),
          thing("c", { r: outOf("b") }),
          thing("d", { value: outOf("a") }),
          thing("e", {}, { dependsOn: ["a"] }),
        ),
      },
      { operation: "up" },
      { operation: "up" },
    ],
  },
  {
    name: "deleteBeforeReplace as an option",
    runs: [
      {
        operation: "up",
        program: program(
          a({ r: 1 }, { deleteBeforeReplace: true }),
          thing("b", { rd: 1 }, { deleteBeforeReplace: false }),
        ),
      },
      {
        operation: "up",
        program: program(
          a({ r: 2 }, { deleteBeforeReplace: true }),
          thing("b", { rd: 2 }, { deleteBeforeReplace: false }),
        ),
      },
    ],
  },
  {
    name: "secrets in config, nested, in outputs, by additionalSecretOutputs, and one that stops being one",
    config: { plain: "visible", hidden: { value: "hush", secret: true } },
    runs: [
      {
        operation: "up",
        program: {
          resources: [
            a({ value: { $secretConfig: "hidden" }, other: { $config: "plain" } }),
            thing("b", { nested: { x: { $secret: 1 }, y: [1, { $secret: 2 }] } }),
            thing("c", { value: outOf("a") }, { additionalSecretOutputs: ["out", "absent"] }),
            thing("d", { value: { $value: "a" } }),
          ],
          outputs: {
            a: outOf("a"),
            secret: { $value: "a" },
            c: outOf("c"),
            mixed: { p: 1, s: { $secret: [1] } },
          },
        },
      },
      { operation: "up" },
      {
        operation: "preview",
        program: {
          resources: [a({ value: "hush" }), thing("c", { value: outOf("a") })],
          outputs: { a: outOf("a") },
        },
      },
      { operation: "up" },
      { operation: "refresh" },
    ],
  },
  {
    name: "a failed initialization at create, then recovery",
    runs: [
      {
        operation: "up",
        program: program(a(), thing("b", { value: outOf("a") })),
        before: (world) => world.fail({ "create a": { reasons: ["not there yet", "nor is that"] } }),
        fails: /not there yet/,
      },
      { operation: "preview", before: (world) => world.fail({}) },
      {
        operation: "up",
        before: (world) => world.fail({ "update a": { reasons: ["still not"] } }),
        fails: /still not/,
      },
      { operation: "up", before: (world) => world.fail({}) },
      { operation: "up" },
    ],
  },
  {
    name: "a failed initialization at update, then recovery",
    runs: [
      { operation: "up", program: program(a()) },
      {
        operation: "up",
        program: program(a({ value: 2 })),
        before: (world) => world.fail({ "update a": { reasons: ["slow"] } }),
        fails: /slow/,
      },
      { operation: "up", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "a failed initialization of the new half of a replacement",
    runs: [
      { operation: "up", program: program(a({ r: 1 })) },
      {
        operation: "up",
        program: program(a({ r: 2 })),
        before: (world) => world.fail({ "create a": { reasons: ["slow"] } }),
        fails: /slow/,
      },
      { operation: "up", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "a plain failure of create, update and delete",
    runs: [
      {
        operation: "up",
        program: program(a()),
        before: (world) => world.fail({ "create a": "no create" }),
        fails: /no create/,
      },
      { operation: "up", before: (world) => world.fail({}) },
      {
        operation: "up",
        program: program(a({ value: 2 })),
        before: (world) => world.fail({ "update a": "no update" }),
        fails: /no update/,
      },
      { operation: "up", before: (world) => world.fail({}) },
      {
        operation: "up",
        program: program(),
        before: (world) => world.fail({ "delete a": "no delete" }),
        fails: /no delete/,
      },
      { operation: "destroy", fails: /no delete/ },
      { operation: "destroy", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "failures in either half of a replacement, create before delete",
    runs: [
      { operation: "up", program: program(a({ r: 1 })) },
      {
        operation: "up",
        program: program(a({ r: 2 })),
        before: (world) => world.fail({ "create a": "no create" }),
        fails: /no create/,
      },
      { operation: "up", before: (world) => world.fail({ "delete a": "no delete" }), fails: /no delete/ },
      { operation: "preview", before: (world) => world.fail({}) },
      { operation: "up" },
    ],
  },
  {
    name: "failures in either half of a replacement, delete before create",
    runs: [
      { operation: "up", program: program(a({ rd: 1 }), thing("b", { r: outOf("a") })) },
      {
        operation: "up",
        program: program(a({ rd: 2 }), thing("b", { r: outOf("a") })),
        before: (world) => world.fail({ "delete a": "no delete" }),
        fails: /no delete/,
      },
      { operation: "up", before: (world) => world.fail({ "create a": "no create" }), fails: /no create/ },
      { operation: "preview", before: (world) => world.fail({}) },
      { operation: "up" },
      { operation: "up" },
    ],
  },
  {
    name: "a replacement that is abandoned halfway",
    runs: [
      { operation: "up", program: program(a({ rd: 1 })) },
      {
        operation: "up",
        program: program(a({ rd: 2 })),
        before: (world) => world.fail({ "create a": "no create" }),
        fails: /no create/,
      },
      { operation: "refresh" },
      { operation: "up", program: program(), before: (world) => world.fail({}) },
    ],
  },
  {
    name: "a replacement that goes on halfway, without deleteBeforeReplace",
    runs: [
      { operation: "up", program: program(a({ rd: 1 })) },
      {
        operation: "up",
        program: program(a({ rd: 2 })),
        before: (world) => world.fail({ "create a": "no create" }),
        fails: /no create/,
      },
      { operation: "preview", program: program(a({ rd: 2 }, { deleteBeforeReplace: false })) },
      { operation: "up", before: (world) => world.fail({}) },
      { operation: "up" },
    ],
  },
  {
    name: "protect, on update, replace, delete and destroy",
    runs: [
      {
        operation: "up",
        program: program(a({ r: 1 }, { protect: true }), thing("b", {}, { dependsOn: ["a"] })),
      },
      {
        operation: "up",
        program: program(a({ r: 1, value: 2 }, { protect: true }), thing("b", {}, { dependsOn: ["a"] })),
      },
      {
        operation: "preview",
        program: program(a({ r: 2 }, { protect: true }), thing("b", {}, { dependsOn: ["a"] })),
        fails: /protect/,
      },
      { operation: "up", fails: /protect/ },
      { operation: "preview", program: program(), fails: /protect/ },
      { operation: "up", fails: /protect/ },
      { operation: "destroy", fails: /protect/ },
      { operation: "up", program: program(a({ r: 2 }, { protect: false })) },
      { operation: "destroy" },
    ],
  },
  {
    name: "a protected dependent of a delete before create",
    runs: [
      { operation: "up", program: program(a({ rd: 1 }), thing("b", { r: outOf("a") }, { protect: true })) },
      {
        operation: "up",
        program: program(a({ rd: 2 }), thing("b", { r: outOf("a") }, { protect: true })),
        fails: /protect/,
      },
    ],
  },
  {
    name: "get, of something missing, and a resource that turns into a get and back",
    runs: [
      { operation: "up", program: program(a()) },
      { operation: "preview", program: program(a(), thing("b", {}, { get: "a-1", dependsOn: ["a"] })) },
      { operation: "up" },
      { operation: "up" },
      {
        operation: "up",
        program: program(a(), thing("b", {}, { get: "nothing", dependsOn: ["a"] })),
        fails: /there is no nothing/,
      },
      { operation: "preview", program: program(a(), thing("b", {}, { dependsOn: ["a"] })) },
      { operation: "up" },
      { operation: "up", program: program(a(), thing("b", {}, { get: "a-1", dependsOn: ["a"] })) },
      { operation: "up", program: program(a(), thing("b", {}, { get: "a-1", dependsOn: ["a"] })) },
      { operation: "refresh" },
      { operation: "destroy" },
    ],
  },
  {
    name: "get of what comes with a dependency that is created or replaced",
    runs: [
      {
        operation: "preview",
        program: program(
          a(),
          thing("b", {}, { get: "a-1", dependsOn: ["a"] }),
          thing("c", { value: outOf("b") }),
        ),
      },
      { operation: "up" },
      {
        operation: "preview",
        program: program(
          a({ r: 2 }),
          thing("b", {}, { get: "a-2", dependsOn: ["a"] }),
          thing("c", { value: outOf("b") }),
        ),
      },
      { operation: "up" },
    ],
  },
  {
    name: "a resource that turns into a get of itself",
    runs: [
      { operation: "up", program: program(a()) },
      { operation: "up", program: program(thing("a", {}, { get: "a-1" })) },
      { operation: "up", program: program() },
    ],
  },
  {
    name: "check failures beside unknowns",
    runs: [
      {
        operation: "preview",
        program: program(a(), thing("b", { value: outOf("a") })),
        before: (world) => world.fail({ "check b": "must be even" }),
        fails: /must be even/,
      },
      { operation: "up", fails: /must be even/ },
      { operation: "up", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "aliases into a new name and a new parent",
    runs: [
      {
        operation: "up",
        program: program(
          a({ label: "a" }),
          { name: "g", kind: "group" },
          thing("g-kid", { label: "kid", value: outOf("a") }, { parent: "g" }),
          thing("z", { value: outOf("a") }),
        ),
      },
      {
        operation: "up",
        program: {
          resources: [
            { name: "a2", inputs: { value: 1, label: "a" }, options: { aliases: [{ name: "a" }] } },
            { name: "h", kind: "group", options: { aliases: [{ name: "g" }] } },
            thing("h-kid", { label: "kid", value: outOf("a2") }, { parent: "h" }),
            thing("z", { value: outOf("a2") }),
          ],
        },
      },
      { operation: "up" },
      {
        operation: "up",
        program: {
          resources: [
            { name: "h", kind: "group" },
            {
              name: "a2",
              inputs: { value: 3, label: "a" },
              options: {
                parent: "h",
                aliases: [
                  { noParent: true, parent: undefined },
                  "urn:pulumi:dev::compared::pulumi-nodejs:dynamic/test:Thing::a2",
                ],
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: "ignoreChanges",
    runs: [
      { operation: "up", program: program(a({ value: 1, deep: { x: 1, y: 1 }, list: [1, 2] })) },
      {
        operation: "up",
        program: program(
          a(
            { value: 2, deep: { x: 2, y: 1 }, list: [9, 2] },
            { ignoreChanges: ["value", "deep.x", "list[0]", "absent.x"] },
          ),
        ),
      },
      {
        operation: "up",
        program: program(
          a(
            { value: 2, deep: { x: 2, y: 2 }, list: [9, 3], added: 1 },
            { ignoreChanges: ["value", "deep.*", "list[0]", "added"] },
          ),
        ),
      },
    ],
  },
  {
    name: "ignoreChanges of what only the old inputs have, or only the new",
    runs: [
      {
        operation: "up",
        program: program(
          a(),
          thing("b", { deep: { x: 1 }, list: [1, 2], all: [{ x: 1, y: 1 }] }),
          thing("c", { deep: { x: 1, y: 1 }, list: [1, 2, 3], all: [{ x: 1 }, { x: 2 }] }),
        ),
      },
      {
        operation: "up",
        program: program(
          a(
            { deep: { x: 2, y: 2 }, list: [9] },
            { ignoreChanges: ["deep.x", "list[0]", "value.x", "none.x"] },
          ),
          thing("b", {}, { ignoreChanges: ["deep.x", "list[0]", "all[0].x"] }),
          thing(
            "c",
            { deep: { x: 2, z: 2 }, list: [7, 8], all: [{ x: 7 }, { x: 8 }, { x: 9 }] },
            { ignoreChanges: ["deep.*", "list[*]", "all[*].x"] },
          ),
        ),
      },
      {
        operation: "up",
        program: program(
          a({ deep: { x: 3, y: 3, w: 3 }, list: [8] }, { ignoreChanges: ["deep.x", "deep.w.v", "list[1]"] }),
          thing("b", { deep: 1, list: { x: 1 } }, { ignoreChanges: ["deep.x", "list[0]", "all"] }),
          thing("c", { deep: { x: 3, y: 3 }, list: [6, 5] }, { ignoreChanges: ["deep.x", "list[*]", "*"] }),
        ),
      },
      {
        operation: "up",
        program: program(
          a({ deep: { x: 4, y: 4 }, r: 4 }, { ignoreChanges: ["deep.x"] }),
          thing("b", { deep: { x: { $secret: 4 }, y: 4 } }, { ignoreChanges: ["deep.x", "list.x"] }),
          thing("c", { deep: { $secret: { x: 4, y: 4 } }, r: 4 }, { ignoreChanges: ["deep.x"] }),
        ),
      },
      {
        operation: "up",
        program: program(
          a({ deep: { x: 5, y: 5 }, r: 5 }, { ignoreChanges: ["deep.x"] }),
          thing("b", { deep: { x: 5, y: 5 } }, { ignoreChanges: ["deep.x"] }),
          thing("c", { deep: { x: 5, y: 5 }, r: 5 }, { ignoreChanges: ["deep.*"] }),
        ),
      },
    ],
  },
  {
    name: "replaceOnChanges, with a provider that leaves the diff to the engine and one that does not",
    runs: [
      { operation: "up", program: program(a(), thing("b", { handler: "undiffed", value: 1, other: 1 })) },
      {
        operation: "preview",
        program: program(
          a({ value: 2 }, { replaceOnChanges: ["value"] }),
          thing("b", { handler: "undiffed", value: 2, other: 1 }, { replaceOnChanges: ["value"] }),
        ),
      },
      { operation: "up" },
      {
        operation: "up",
        program: program(
          a({ value: 2 }),
          thing("b", { handler: "undiffed", value: 2, other: 2 }, { replaceOnChanges: ["value"] }),
        ),
      },
    ],
  },
  {
    name: "retainOnDelete and deletedWith",
    runs: [
      {
        operation: "up",
        program: program(a({}, { retainOnDelete: true }), thing("b"), thing("c", {}, { deletedWith: "b" })),
      },
      { operation: "up", program: program(thing("b")) },
      {
        operation: "up",
        program: program(
          a({}, { retainOnDelete: true }),
          thing("b", { r: 1 }),
          thing("c", {}, { deletedWith: "b" }),
        ),
      },
      { operation: "up", program: program(thing("b", { r: 2 }), thing("c", {}, { deletedWith: "b" })) },
      { operation: "destroy" },
    ],
  },
  {
    name: "a program that throws after it declared something",
    runs: [
      { operation: "up", program: { resources: [a(), thing("b")], outputs: { kept: 1 } } },
      {
        operation: "preview",
        program: { resources: [a({ value: 2 })], outputs: { fresh: 2 }, throws: "half way" },
        fails: /half way/,
      },
      { operation: "up", fails: /half way/ },
      { operation: "up", program: { resources: [a({ value: 2 })], outputs: { fresh: 2 } } },
    ],
  },
  {
    name: "what was deleted or changed behind our back, then a refresh",
    runs: [
      {
        operation: "up",
        program: program(
          a({ tag: 1 }),
          thing("b", { value: outOf("a") }),
          { name: "g", kind: "group" },
          thing("c", { value: 1 }, { parent: "g", dependsOn: ["b"] }),
        ),
      },
      {
        operation: "refresh",
        before: (world) => {
          world.changeResource("a-1", { tag: 9 });
          world.deleteResource("b-1");
        },
      },
      { operation: "preview" },
      { operation: "up" },
      {
        operation: "up",
        options: { refresh: true },
        before: (world) => world.changeResource("c-1", { value: 3 }),
      },
      { operation: "preview", options: { refresh: true }, before: (world) => world.deleteResource("a-1") },
      {
        operation: "refresh",
        before: (world) => world.fail({ "read c": "cannot look" }),
        fails: /cannot look/,
      },
      { operation: "refresh", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "a provider text that changes, and providers that do not diff",
    runs: [
      {
        operation: "up",
        program: program(
          a(),
          thing("b", { handler: "undiffed", value: 1 }),
          thing("c", { handler: "unsure", value: 1, r: 1 }),
        ),
      },
      {
        operation: "up",
        program: program(
          a({ variant: "/**/" }),
          thing("b", { handler: "undiffed", variant: "/**/", value: 1 }),
          thing("c", { handler: "unsure", value: 1, r: 1 }),
        ),
      },
      {
        operation: "preview",
        program: program(
          a({ variant: "/**/" }),
          thing("b", { handler: "undiffed", variant: "/**/", value: 2 }),
          thing("c", { handler: "unsure", value: 1, r: 2 }),
        ),
      },
      { operation: "up" },
      { operation: "refresh" },
    ],
  },
  {
    name: "providers: given, changed, exchanged, of a parent, and no longer given",
    runs: [
      {
        operation: "preview",
        program: program(
          provider("p", { x: "1", key: { $secret: "k" } }),
          a({}, { provider: "p" }),
          thing("b", { value: 1 }),
        ),
      },
      { operation: "up" },
      { operation: "up" },
      {
        operation: "up",
        program: program(
          provider("p", { x: "2", key: { $secret: "k" } }),
          a({}, { provider: "p" }),
          thing("b", { value: 1 }, { provider: "p" }),
        ),
      },
      { operation: "refresh" },
      {
        operation: "preview",
        program: program(
          provider("q", { x: "3" }),
          { name: "g", kind: "group", options: { provider: "q" } },
          a({}, { provider: "q" }),
          thing("b", { value: 1 }),
          thing("c", { value: 1 }, { parent: "g" }),
        ),
      },
      { operation: "up" },
      { operation: "up" },
      { operation: "destroy" },
    ],
  },
  {
    name: "a provider with an input that a preview does not know",
    runs: [
      {
        operation: "preview",
        program: program(a(), provider("p", { x: outOf("a") }), thing("b", { value: 1 }, { provider: "p" })),
      },
      { operation: "up" },
      {
        operation: "preview",
        program: program(
          a({ r: 2 }),
          provider("p", { x: outOf("a") }),
          thing("b", { value: 1 }, { provider: "p" }),
        ),
      },
      { operation: "up" },
      { operation: "destroy" },
    ],
  },
  {
    name: "a resource reference as an input",
    runs: [
      { operation: "up", program: program(a(), thing("b", { value: { $resource: "a" } })) },
      { operation: "up" },
    ],
  },
  {
    name: "a resource reference that a component and the stack keep",
    runs: [
      {
        operation: "up",
        program: {
          resources: [a(), { name: "g", kind: "group", inputs: { of: { $resource: "a" } } }],
          outputs: { a: { $resource: "a" }, in: [{ $resource: "a" }] },
        },
      },
      { operation: "up" },
    ],
  },
  {
    name: "outputs of a stack that name what failed",
    runs: [
      { operation: "up", program: { resources: [], outputs: { kept: 1, one: 1 } } },
      {
        operation: "up",
        program: { resources: [a()], outputs: { one: { $resource: "a" }, fresh: 2 } },
        before: (world) => world.fail({ "create a": "no create" }),
        fails: /no create/,
      },
      { operation: "up", before: (world) => world.fail({}) },
    ],
  },
  {
    name: "dependents of a failed resource, and independents beside it",
    runs: [
      {
        operation: "up",
        program: program(a(), thing("b", { value: outOf("a") }), thing("c", { value: outOf("b") })),
        before: (world) => world.fail({ "create b": "no create" }),
        fails: /no create/,
      },
      { operation: "up", before: (world) => world.fail({}) },
      {
        operation: "up",
        program: program(a({ value: 2 }), thing("b", { value: outOf("a") })),
        before: (world) => world.fail({ "update b": "no update" }),
        fails: /no update/,
      },
      { operation: "up", before: (world) => world.fail({}) },
    ],
  },
];
