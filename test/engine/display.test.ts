import * as pulumi from "@pulumi/pulumi";
import { createStack, type OperationFailedError, type PropertyMap, type StandIn } from "../../src/engine";

const topic: StandIn = {
  type: "aws:sns/topic:Topic",
  check: (_, news) => ({
    inputs: news,
    failures: news["name"] === "" ? [{ property: "name", reason: "must not be empty" }] : [],
  }),
  diff: (_, olds, news) => ({
    changes: JSON.stringify(olds) !== JSON.stringify(news),
    replaces: olds["name"] === news["name"] ? [] : ["name"],
  }),
  create: (inputs) => ({ id: "1", outs: inputs }),
  update: (_, __, news) => ({ outs: news }),
};
class Topic extends pulumi.CustomResource {
  constructor(name: string, args: PropertyMap | pulumi.Inputs) {
    super("aws:sns/topic:Topic", name, args);
  }
}

let text: string;
let inputs: Record<string, unknown>;
let outputs: Record<string, unknown>;
const stack = createStack({
  project: "proj",
  standIns: [topic],
  colour: false,
  onOutput: (part) => {
    text += part;
  },
  program: async () => {
    new Topic("t", inputs as pulumi.Inputs);
    return outputs;
  },
});
afterAll(() => stack.close());

async function shown(operation: () => Promise<unknown>): Promise<string> {
  text = "";
  await operation();
  // Only how long things took differs from run to run.
  return text.replace(/\d+\.\d\ds/g, "0.01s").replace(/Duration: \d+s/, "Duration: 1s");
}

test("a preview of something new", async () => {
  inputs = { name: "n", password: pulumi.secret("hush"), list: [1, { a: true }] };
  outputs = { plain: "x", hidden: pulumi.secret("hush") };
  expect(await shown(() => stack.preview({ diff: true }))).toBe(`Previewing update (dev):
 +  pulumi:pulumi:Stack proj-dev create
 +  aws:sns/topic:Topic t create
      list: [
          [0]: 1
          [1]: {
              a: true
          }
      ]
      name: "n"
      password: [secret]
Outputs:
  + hidden: [secret]
  + plain : "x"

Resources:
    + 2 to create

`);
});

test("an up", async () => {
  expect(await shown(() => stack.up())).toBe(`Updating (dev):
 +  pulumi:pulumi:Stack proj-dev creating (0s)
 +  pulumi:pulumi:Stack proj-dev created (0.01s)
 +  aws:sns/topic:Topic t creating (0s)
 +  aws:sns/topic:Topic t created (0.01s)
Outputs:
  + hidden: [secret]
  + plain : "x"

Resources:
    + 2 created

Duration: 1s

`);
});

test("a preview of an update, property by property, and never what is secret", async () => {
  inputs = { name: "n", password: pulumi.secret("other"), extra: 1 };
  outputs = { plain: "y", hidden: pulumi.secret("other") };
  expect(await shown(() => stack.preview({ diff: true }))).toBe(`Previewing update (dev):
 ~  aws:sns/topic:Topic t update [diff: +extra,-list,~password]
      + extra: 1
      - list: [
          [0]: 1
          [1]: {
              a: true
          }
      ]
      ~ password: [secret] => [secret]
Outputs:
  ~ hidden: [secret] => [secret]
  ~ plain : "x" => "y"

Resources:
    ~ 1 to update
    1 unchanged

`);
});

test("a replacement", async () => {
  inputs = { name: "m" };
  outputs = {};
  expect(await shown(() => stack.up())).toBe(`Updating (dev):
 ++ aws:sns/topic:Topic t creating replacement (0s) [diff: -list,~name,-password]
 ++ aws:sns/topic:Topic t created replacement (0.01s) [diff: -list,~name,-password]
 +- aws:sns/topic:Topic t replacing (0s) [diff: -list,~name,-password]
 +- aws:sns/topic:Topic t replaced (0.01s) [diff: -list,~name,-password]
 -- aws:sns/topic:Topic t deleting original (0s)
 -- aws:sns/topic:Topic t deleted original (0.01s)
Outputs:
  - hidden: [secret]
  - plain : "x"

Resources:
    +-1 replaced
    1 unchanged

Duration: 1s

`);
});

test("a failed check", async () => {
  inputs = { name: "" };
  const failed = () =>
    stack.preview().catch((error: OperationFailedError) => expect(error.name).toBe("OperationFailedError"));
  expect(await shown(failed)).toBe(`Previewing update (dev):
    aws:sns/topic:Topic t error: aws:sns/topic:Topic resource 't': property name has a problem: must not be empty
Diagnostics:
  aws:sns/topic:Topic (t):
    error: aws:sns/topic:Topic resource 't': property name has a problem: must not be empty

Resources:
    1 unchanged
    1 errored

`);
});

test("a destroy", async () => {
  expect(await shown(() => stack.destroy())).toBe(`Destroying (dev):
 -  aws:sns/topic:Topic t deleting (0s)
 -  aws:sns/topic:Topic t deleted (0.01s)
 -  pulumi:pulumi:Stack proj-dev deleting (0s)
 -  pulumi:pulumi:Stack proj-dev deleted (0.01s)
Resources:
    - 2 deleted

Duration: 1s

`);
});
