import { createRequire } from "node:module";
import { transformFileSync } from "@swc/core";
import type { Program } from "../../src/engine";

/** What an example's file declares, whenever it is called: as a module it would be evaluated once. */
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
