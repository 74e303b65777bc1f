import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";

interface SitePage {
  links: Set<string>;
  anchors: Set<string>;
}

/** The links of a static site's pages to files and anchors that it does not have, each as `page: link`. */
export async function brokenLinks(site: string): Promise<string[]> {
  const files = (await readdir(site, { recursive: true })).map((path) => path.replaceAll("\\", "/"));
  const present = new Set(files);
  const pages = new Map<string, SitePage>();
  for (const path of files.filter((one) => /\.(html|svg)$/.test(one)))
    pages.set(path, pageOf(await readFile(join(site, path), "utf8")));
  return [...pages].flatMap(([path, { links }]) =>
    [...links].filter((link) => isBroken(path, link)).map((link) => `${path}: ${link}`),
  );

  function isBroken(page: string, link: string): boolean {
    if (/^([a-z]+:|\/\/)/i.test(link)) return false;
    const [file = "", anchor = ""] = link.split("#").map(decodeURIComponent);
    const path = posix.join(dirname(page), file.replace(/\?.*/, ""));
    const target = file === "" ? page : posix.normalize(path.endsWith("/") ? `${path}index.html` : path);
    if (!present.has(target)) return true;
    return anchor !== "" && !pages.get(target)?.anchors.has(anchor);
  }
}

function pageOf(html: string): SitePage {
  const values = (attribute: RegExp) =>
    [...html.matchAll(attribute)].map(([, value = ""]) => unescapeHtml(value));
  return {
    links: new Set(values(/\s(?:href|src)="([^"]*)"/g)),
    anchors: new Set(values(/\s(?:id|name)="([^"]*)"/g)),
  };
}

const unescapeHtml = (text: string) =>
  text.replace(/&(amp|quot|#39|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? "");

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", quot: '"', "#39": "'", lt: "<", gt: ">" };
