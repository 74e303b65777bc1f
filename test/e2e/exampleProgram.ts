import { createRequire } from "node:module";
import { transformFileSync } from "@swc/core";
import type { Program } from "../../src/engine";

/** Evaluates an example's file at every call; as an imported module it would be evaluated only once. */
export function exampleProgram(file: string): Program {
  const { code } = transformFileSync(file, {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  const evaluate = new Function("exports", "require", code);
  return () => {
    const exports = {};
    evaluate(exports, createRequire(file));
    return exports;
  };
}
