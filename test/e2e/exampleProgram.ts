import { createRequire } from "node:module";
import { transformFileSync } from "@swc/core";
import type { Program } from "../../src/engine";

/**
 * Evaluates an example's file at every call; as an imported module it would be evaluated only once.
 * @param instead the modules that take the place of those that it imports
 */
export function exampleProgram(file: string, instead: Readonly<Record<string, string>> = {}): Program {
  const { code } = transformFileSync(file, {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  const evaluate = new Function("exports", "require", code);
  const load = createRequire(file);
  return () => {
    const exports = {};
    evaluate(exports, (name: string) => load(instead[name] ?? name));
    return exports;
  };
}
