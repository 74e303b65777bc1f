import { readFile } from "node:fs/promises";
import { warn } from "./output";

/** To read it by its number fails where what is on the other end has made it non-blocking. */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) warn("Reading from this terminal until Ctrl-D.");
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text;
}

/** @param file `-` is stdin */
export const readText = (file: string): Promise<string> =>
  file === "-" ? readStdin() : readFile(file, "utf8");
