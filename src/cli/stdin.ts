import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { warn } from "./output";

/** To read it by its number fails where what is on the other end has made it non-blocking. */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) warn("Reading from this terminal until Ctrl-D.");
  return decoded(await buffer(process.stdin));
}

/** @param file `-` is stdin */
export const readText = async (file: string): Promise<string> =>
  file === "-" ? readStdin() : decoded(await readFile(file));

/** Windows PowerShell redirects into UTF-16; editors begin UTF-8 with a byte order mark. */
const decoded = (bytes: Buffer): string =>
  new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);
