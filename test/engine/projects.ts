// Projects on disk, and the configuration that Pulumi makes of their files or how it refuses them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The keys of Pulumi.yaml that Pulumi knows: `project.engine.test.ts` compares them with its JSON schema. */
export const PROJECT_KEYS = [
  "name",
  "description",
  "author",
  "website",
  "license",
  "runtime",
  "runtime.name",
  "runtime.options",
  "main",
  "config",
  "config.type",
  "config.items",
  "config.description",
  "config.secret",
  "config.default",
  "config.value",
  "stackConfigDir",
  "backend",
  "options.refresh",
  "template",
  "packages",
  "plugins.providers",
  "plugins.analyzers",
  "plugins.languages",
] as const;

/** Keys that Pulumi reads and that its schema does not have. */
export const MORE_KEYS = [
  "requiredPulumiVersion",
  "runtime.options.typescript",
  "runtime.options.tsconfig",
  "runtime.options.nodeargs",
  "runtime.options.packagemanager",
  "runtime.options.production",
] as const;

/** The keys of Pulumi.<stack>.yaml, for which Pulumi has no schema. */
export const STACK_KEYS = [
  "config",
  "environment",
  "secretsprovider",
  "encryptedkey",
  "encryptionsalt",
] as const;

export interface ProjectFiles {
  title: string;
  files: Record<string, string>;
}

export interface ReadableProject extends ProjectFiles {
  config: Record<string, string>;
}

const NAME = "name: proj\nruntime: nodejs\n";

export const READABLE: ReadableProject[] = [
  {
    title: "what Pulumi.yaml declares and sets",
    files: {
      "Pulumi.yaml": `${NAME}config:
  short: text
  count: 5
  on: true
  list: [1, two, { deep: null }]
  proj:full: x
  aws:region: eu-west-1
  aws:profile: { value: other }
  typed: { type: integer, default: 7, description: A number. }
  ratio: { default: 1.50 }
  object: { type: object, default: { b: 1, a: [true, null, 1.5] } }
  nested: { type: array, items: { type: array, items: { type: string } }, default: [[a], []] }
  own: { type: boolean, value: true }
`,
    },
    config: {
      "proj:short": "text",
      "proj:count": "5",
      "proj:on": "true",
      "proj:list": '[1,"two",{"deep":null}]',
      "proj:full": "x",
      "aws:region": "eu-west-1",
      "aws:profile": "other",
      "proj:typed": "7",
      "proj:ratio": "1.5",
      "proj:object": '{"b":1,"a":[true,null,1.5]}',
      "proj:nested": '[["a"],[]]',
      "proj:own": "true",
    },
  },
  {
    title: "Pulumi.<stack>.yaml comes before Pulumi.yaml",
    files: {
      "Pulumi.yaml": `${NAME}config:\n  a: project\n  b: project\n  needed: { type: string }\n  aws:region: eu-west-1\n`,
      "Pulumi.dev.yaml":
        "config:\n  a: stack\n  proj:needed: here\n  aws:region: us-east-1\n  aws:config:profile: old\n",
      "Pulumi.prod.yaml": "config:\n  b: another stack\n",
    },
    config: {
      "proj:a": "stack",
      "proj:b": "project",
      "proj:needed": "here",
      "aws:region": "us-east-1",
      "aws:profile": "old",
    },
  },
  {
    title: "scalars are those of YAML in Go",
    files: {
      "Pulumi.yaml": NAME,
      "Pulumi.dev.yaml": `config:
  account: 012345678901
  zeros: 000000000000
  quoted: "012345678901"
  octal: 0777
  new: 0o17
  hex: 0x1F
  negative: -0b11
  grouped: 1_000
  float: 1.50
  point: .5
  exponent: 1.5e3
  colon: 190:20:30
  agreed: yes
  turned: off
  capitals: TRUE
  tilde: "~"
  dashed: 1-2
  version: 1.2.3
  deep: { number: 5, text: "5", nothing: ~, list: [0x10, no] }
`,
    },
    config: {
      "proj:account": "12345678901",
      "proj:zeros": "0",
      "proj:quoted": "012345678901",
      "proj:octal": "511",
      "proj:new": "15",
      "proj:hex": "31",
      "proj:negative": "-3",
      "proj:grouped": "1000",
      "proj:float": "1.5",
      "proj:point": "0.5",
      "proj:exponent": "1500",
      "proj:colon": "190:20:30",
      "proj:agreed": "yes",
      "proj:turned": "off",
      "proj:capitals": "true",
      "proj:tilde": "~",
      "proj:dashed": "1-2",
      "proj:version": "1.2.3",
      "proj:deep": '{"number":5,"text":"5","nothing":null,"list":[16,"no"]}',
    },
  },
  {
    title: "an entry without a value is empty text, and anchors and merges work",
    files: {
      "Pulumi.yaml": `${NAME}x: &shared { type: string }\nconfig:\n  one: { <<: *shared, default: a }\n`,
      "Pulumi.dev.yaml": "config:\n  empty:\n  tilde: ~\n",
    },
    config: { "proj:one": "a", "proj:empty": "", "proj:tilde": "" },
  },
  {
    title: "stackConfigDir",
    files: {
      "Pulumi.yaml": `${NAME}stackConfigDir: stacks\n`,
      "Pulumi.dev.yaml": "config: { a: not read }\n",
      "stacks/Pulumi.dev.yaml": "config: { a: read }\n",
    },
    config: { "proj:a": "read" },
  },
  {
    title: "stackConfigDir under its old name, and Pulumi.yml",
    files: {
      "Pulumi.yml": `${NAME}config: stacks\n`,
      "stacks/Pulumi.dev.yml": "config: { a: read }\n",
    },
    config: { "proj:a": "read" },
  },
  {
    title: "keys that matter to other commands, and keys that nobody knows",
    files: {
      "Pulumi.yaml": `${NAME}description: D
author: A
website: https://example.com
license: MIT
backend: {}
template: { displayName: T, config: { x: { default: y } } }
packages: { random: 4.0.0 }
requiredPulumiVersion: ">=3.0.0 !3.1.2"
unknown: { a: 1 }
options: { refresh: always }
`,
      "Pulumi.dev.yaml": "",
    },
    config: {},
  },
];

export interface RefusedProject extends ProjectFiles {
  /** What the offline engine says. */
  message: string;
  /** The CLI takes it: the offline engine has no part for it. */
  onlyHere?: true;
}

const withConfig = (lines: string, stack?: string) => ({
  "Pulumi.yaml": `${NAME}config:\n${lines}\n`,
  ...(stack !== undefined && { "Pulumi.dev.yaml": stack }),
});

export const REFUSED: RefusedProject[] = [
  { title: "no name", files: { "Pulumi.yaml": "runtime: nodejs\n" }, message: "Pulumi.yaml: name: " },
  { title: "an empty file", files: { "Pulumi.yaml": "" }, message: "Pulumi.yaml: " },
  {
    title: "broken YAML, of which nothing is quoted",
    files: { "Pulumi.yaml": NAME, "Pulumi.dev.yaml": "config:\n  a: 'sesame\n" },
    message: "Pulumi.dev.yaml, line 3: ",
  },
  {
    title: "an unknown option",
    files: { "Pulumi.yaml": `${NAME}options: { refresh: sometimes }\n` },
    message: 'options.refresh: Invalid input: expected "always"',
  },
  {
    title: "two folders of configuration",
    files: { "Pulumi.yaml": `${NAME}config: one\nstackConfigDir: two\n` },
    message: "config and stackConfigDir both specify a folder",
  },
  {
    title: "a version that this is not",
    files: { "Pulumi.yaml": `${NAME}requiredPulumiVersion: ">=4.0.0 || <3.0.0"\n` },
    message: "which the offline engine follows, is not within",
  },
  {
    title: "a missing value",
    files: withConfig("  a: { type: string }\n  b: {}"),
    message: "stack dev has no value for proj:a, proj:b",
  },
  {
    title: "a default and a value",
    files: withConfig("  a: { default: 1, value: 2 }"),
    message: "config.a: has both",
  },
  {
    title: "an array without items",
    files: withConfig("  a: { type: array, default: [] }"),
    message: "config.a: is an array",
  },
  {
    title: "a default of another type",
    files: withConfig("  a: { type: array, items: { type: integer }, default: [1, x] }"),
    message: "config.a: has a default that is not of type array",
  },
  {
    title: "a type that there is not",
    files: withConfig("  a: { type: number }"),
    message: "config.a.type: ",
  },
  {
    title: "an attribute that there is not",
    files: withConfig("  a: { default: 1, defualt: 1 }"),
    message: "config.a: ",
  },
  { title: "a fraction as a short form", files: withConfig("  a: 1.5"), message: "config.a: " },
  {
    title: "a type of another namespace's key",
    files: withConfig("  aws:region: { type: string, value: x }"),
    message: "config.aws:region: is not of the project's namespace",
  },
  {
    title: "a default of another namespace's key",
    files: withConfig("  aws:region: { default: x }"),
    message: "config.aws:region: is not of the project's namespace",
  },
  {
    title: "another namespace's key without a value",
    files: withConfig("  aws:region: {}"),
    message: "config.aws:region: is not of the project's namespace",
  },
  {
    title: "no key",
    files: withConfig("  a: x", "config: { 'a:b:c': 1 }"),
    message: "a:b:c is not of the form",
  },
  {
    title: "a number that is none",
    files: withConfig("  a: { type: integer }", "config: { a: sesame }"),
    message: "proj:a must be of type integer",
  },
  {
    title: "a boolean that is none",
    files: withConfig("  a: { type: boolean }", "config: { a: yes }"),
    message: "proj:a must be of type boolean",
  },
  {
    title: "an array of something else",
    files: withConfig("  a: { type: array, items: { type: integer } }", "config: { a: [x] }"),
    message: "proj:a must be of type array of integer",
  },
  {
    title: "an array as text",
    files: withConfig("  a: { type: array, items: { type: integer } }", "config: { a: '[1]' }"),
    message: "proj:a must be of type array of integer",
  },
  {
    title: "a secret in clear",
    files: withConfig("  a: { type: string, secret: true }", "config: { a: sesame }"),
    message: "proj:a must be a secret",
  },
  {
    title: "an encrypted value, which only a stack's own key opens",
    files: {
      "Pulumi.yaml": NAME,
      "Pulumi.dev.yaml": "encryptionsalt: v1:x\nconfig: { a: { secure: sesame } }\n",
    },
    message:
      "proj:a of Pulumi.dev.yaml is encrypted, and the offline engine cannot decrypt it: specify its value in config",
  },
  {
    title: "an encrypted value within another",
    files: {
      "Pulumi.yaml": NAME,
      "Pulumi.dev.yaml": "encryptionsalt: v1:x\nconfig: { a: { b: [{ secure: sesame }] } }\n",
    },
    message: "proj:a of Pulumi.dev.yaml is encrypted",
  },
  {
    title: "a date without quotes",
    files: { "Pulumi.yaml": NAME, "Pulumi.dev.yaml": "config: { a: { b: 2026-01-31 } }\n" },
    message: "proj:a of Pulumi.dev.yaml is a date without quotes",
    onlyHere: true,
  },
  {
    title: "a number of more digits than JavaScript knows",
    files: { "Pulumi.yaml": NAME, "Pulumi.dev.yaml": "config: { a: 12345678901234567890 }\n" },
    message: "proj:a of Pulumi.dev.yaml is a number that cannot be represented",
    onlyHere: true,
  },
  {
    title: "a path as a key",
    files: withConfig("  a.b: { type: string, default: x }"),
    message: "the offline engine does not support config.a.b (a path)",
    onlyHere: true,
  },
  {
    title: "an environment of ESC",
    files: { "Pulumi.yaml": NAME, "Pulumi.dev.yaml": "environment: [shared]\n" },
    message: "the offline engine does not support environment (of Pulumi.dev.yaml)",
  },
  {
    title: "autonaming",
    files: { "Pulumi.yaml": `${NAME}config: { "pulumi:autonaming": { value: { mode: verbatim } } }\n` },
    message: "the offline engine does not support pulumi:autonaming",
    onlyHere: true,
  },
  {
    title: "another language host",
    files: { "Pulumi.yaml": `${NAME}plugins: { languages: [{ name: nodejs, path: . }] }\n` },
    message: "the offline engine does not support plugins.languages",
    onlyHere: true,
  },
  {
    title: "another language",
    files: { "Pulumi.yaml": "name: proj\nruntime: { name: python, options: { virtualenv: venv } }\n" },
    message: "the offline engine does not support the runtime python",
    onlyHere: true,
  },
  {
    title: "Pulumi.json",
    files: { "Pulumi.json": '{ "name": "proj", "runtime": "nodejs" }' },
    message: "the offline engine does not support Pulumi.json",
    onlyHere: true,
  },
];

/** Calls `use` with a folder that holds the files for as long as it runs. */
export async function inFolder<T>(
  files: Record<string, string>,
  use: (folder: string) => T,
): Promise<Awaited<T>> {
  const folder = mkdtempSync(join(tmpdir(), "engine-project-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
