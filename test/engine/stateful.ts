import type { ProgramDescription } from "./fixtures/declare";

/** A program whose state contains secrets, a protected resource, a component and a resource that is only read. */
export const CONFIG = { hidden: { value: "hush", secret: true as const } };
export const PROGRAM: ProgramDescription = {
  resources: [
    { name: "a", inputs: { value: { $secretConfig: "hidden" } }, options: { protect: true } },
    { name: "g", kind: "group", inputs: { size: 1 } },
    {
      name: "b",
      inputs: { value: { $out: "a" } },
      options: { parent: "g", additionalSecretOutputs: ["out"] },
    },
    { name: "c", options: { get: "a-1", dependsOn: ["b"] } },
  ],
  outputs: { b: { $out: "b" } },
};
export const UNCHANGED = { same: 4 };
