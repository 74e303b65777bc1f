import { EngineError } from "./errors";

const BETWEEN_WORDS = /^(?:[ \t\r\n]+|#[^\n]*)*/;
const WORD = /^(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^ \t\r\n'"\\])+/su;
const QUOTED = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gsu;

/**
 * Splits text into words as a shell does, without expanding anything: by the rules of Go's `github.com/google/shlex`, which
 * Pulumi's Node.js language host uses.
 *
 * @throws EngineError if a quote is not closed or nothing follows an escape
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let rest = text.replace(BETWEEN_WORDS, "");
  while (rest !== "") {
    const [word] = WORD.exec(rest) ?? [];
    if (word === undefined) throw new EngineError("has a quote that is not closed, or ends with a backslash");
    words.push(unquote(word));
    rest = rest.slice(word.length).replace(BETWEEN_WORDS, "");
  }
  return words;
}

const unquote = (word: string): string =>
  word.replace(
    QUOTED,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(.)/gsu, "$1") ?? escaped ?? "",
  );
