import type { OutputValue } from "./protocol";

/**
 * `<Name>…</Name>` as AWS's query protocol writes it: lists as `<member>`, an empty one as `<Name/>`, maps as
 * `<entry><key/><value/></entry>`, times with the fraction of a second that they have.
 */
export function element(name: string, value: OutputValue): string {
  if (value === undefined) return "";
  return Array.isArray(value) && value.length === 0 ? `<${name}/>` : `<${name}>${content(value)}</${name}>`;
}

function content(value: Exclude<OutputValue, undefined>): string {
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (value instanceof Map) {
    return [...value].map(([key, item]) => element("entry", { key, value: item })).join("");
  }
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, item]) => element(name, item))
      .join("");
  }
  return escapeXml(String(value));
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
};

/** Replaces characters that XML 1.0 does not allow, such as most control characters, with U+FFFD. */
export const replaceInvalidXml = (text: string): string =>
  text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

const escapeXml = (text: string): string =>
  replaceInvalidXml(text).replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
