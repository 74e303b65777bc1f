/** Reads the XML of responses, and fails when it is not well-formed. */
import { SaxesParser } from "saxes";

export interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** Throws when the text is not well-formed XML. */
export function parseXml(text: string): Element {
  const document: Element = { name: "", children: [], text: "" };
  const open = [document];
  const innermost = () => open.at(-1) ?? document;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => {
    const element: Element = { name, children: [], text: "" };
    innermost().children.push(element);
    open.push(element);
  });
  parser.on("text", (piece) => {
    innermost().text += piece;
  });
  parser.on("closetag", () => open.pop());
  parser.write(text).close();
  const [root] = document.children;
  if (root === undefined) throw new Error(`No XML document: ${text}`);
  return root;
}

/** The text of each element, by its path; of several at one path the last one's. Throws as `parseXml` does. */
export function readXml(text: string): ReadonlyMap<string, string> {
  const textsIn = (element: Element, path: string): [string, string][] => [
    [path, element.text],
    ...element.children.flatMap((child) => textsIn(child, `${path}.${child.name}`)),
  ];
  const root = parseXml(text);
  return new Map(textsIn(root, root.name));
}
