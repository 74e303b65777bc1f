import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { lexer, type Token, walkTokens } from "marked";
import { SaxesParser } from "saxes";
import ts from "typescript";
import { parse } from "yaml";
import { headingOf, type Play, STORY } from "../demo/story";
import schema from "../schema.json";
import { toSvg } from "../tools/sessionSvg";
import { brokenLinks as brokenLinksOfSite } from "../tools/siteLinks";

const ROOT = join(__dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path.replaceAll("\\", "/")}`),
];

function tokensOf(path: string): Token[] {
  const tokens: Token[] = [];
  walkTokens(lexer(read(path)), (token) => void tokens.push(token));
  return tokens;
}

const linksOf = (path: string): string[] =>
  tokensOf(path).flatMap((token) => (token.type === "link" || token.type === "image" ? [token.href] : []));

/** What a page's headings are called in links, by GitHub's rules. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const token of tokensOf(path)) {
    if (token.type !== "heading") continue;
    const anchor = String(token.text)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    let name = anchor;
    for (let n = 1; anchors.has(name); n++) name = `${anchor}-${n}`;
    anchors.add(name);
  }
  return anchors;
}

/** The links of a page to what is not in the repository. */
function brokenLinks(page: string): string[] {
  return linksOf(page).filter((href) => {
    if (/^(https?|mailto):/.test(href)) return false;
    const [path = "", anchor] = href.split("#");
    const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).has(anchor);
  });
}

test("every link and anchor of the pages is there", () => {
  const broken = pages
    .map((page) => [page, brokenLinks(page)] as const)
    .filter(([, links]) => links.length > 0);
  expect(broken).toEqual([]);
});

describe("README", () => {
  const readme = read("README.md");

  test("has at most 9,000 characters", () => {
    expect([...readme].length).toBeLessThanOrEqual(9_000);
  });

  test("names every page of docs", () => {
    const linked = new Set(linksOf("README.md").map((href) => href.replace(/#.*/, "")));
    const present = pages.filter((page) => /^docs\/(reference\/)?[^/]+$/.test(page));
    expect(present.filter((page) => !linked.has(page))).toEqual([]);
  });
});

test("every block of code imports what it takes from the package", () => {
  const uses =
    /(?<![.\w])(?:(iam|mpa|sts|backup|paymentcryptography)\.\w+\(|new (CustomerAccess|ApprovalInbox|Provider)\()/g;
  const incomplete = pages.flatMap((page) =>
    tokensOf(page).flatMap((token) => {
      if (token.type !== "code" || !/^[jt]s\b/.test(token.lang ?? "")) return [];
      const imported = [...String(token.text).matchAll(/import \{([^}]*)\} from "pulumi-aws-approvals/g)];
      const has = new Set(imported.flatMap(([, list = ""]) => list.split(",").map((name) => name.trim())));
      const used = [...String(token.text).matchAll(uses)].map(([, module, type]) => module ?? type ?? "");
      return used.filter((name) => !has.has(name)).map((name) => `${page}: ${name}`);
    }),
  );
  expect(incomplete).toEqual([]);
});

test("the site's links to files and anchors that it does not have are found", async () => {
  const site = mkdtempSync(join(tmpdir(), "aws-approvals-site-"));
  try {
    mkdirSync(join(site, "docs"));
    writeFileSync(
      join(site, "index.html"),
      '<h1 id="top">x</h1><a href="#top">x</a><a href="docs/a.html#b%20&amp;c">x</a><a href="docs/none.html">x</a><a href="https://example.com">x</a>',
    );
    writeFileSync(
      join(site, "docs/a.html"),
      '<h1 id="b &amp; c">x</h1><h2 id="b &amp;c">x</h2><a href="../index.html#bottom">x</a><img src="../picture.svg"/><a href="../index.html?q#top">x</a><a href="../#top">x</a><a href="../#end">x</a>',
    );
    expect(await brokenLinksOfSite(site)).toEqual([
      "index.html: docs/none.html",
      "docs/a.html: ../index.html#bottom",
      "docs/a.html: ../picture.svg",
      "docs/a.html: ../#end",
    ]);
  } finally {
    rmSync(site, { recursive: true });
  }
});

describe("the recorded session", () => {
  const linesOf = (svg: string) =>
    [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = ""]) => line);

  test("tells what the demo tells", () => {
    const lines = linesOf(read("docs/session.svg"));
    expect(lines).toContain(headingOf("quickstart"));
    const steps = lines.join("\n").matchAll(/^\d\. {2}.*(\n {4}\S.*)*/gm);
    const { ask, answer, tradeIn, change, destroy } = STORY.quickstart;
    expect([...steps].map(([step]) => step.slice(4).replaceAll(/\s+/g, " "))).toEqual([
      ...[ask, answer, tradeIn, change, destroy],
    ]);
  });

  test("is a picture with every line of a terminal, each after the other", () => {
    const svg = toSvg(["$ a && b <c>", "", `      ${"x".repeat(75)}`]);
    expect(toSvg(["$ a && b <c>", "", `      ${"x".repeat(75)}`])).toBe(svg);
    expect(linesOf(svg)).toEqual(["$ a &amp;&amp; b &lt;c&gt;", `      ${"x".repeat(74)}`, "x"]);
    const delays = [...svg.matchAll(/animation-delay:(\d+)ms/g)].map(([, delay]) => Number(delay));
    expect(delays).toEqual([0, 260, 760]);
    new SaxesParser().write(svg).close();
  });
});

test.each(Object.keys(STORY) as Play[])("the heading of the demo's %s is as wide as a terminal", (play) => {
  expect(headingOf(play)).toMatch(/^━━ .* ━+$/);
  expect(headingOf(play)).toHaveLength(80);
});

const CACHE = join(ROOT, "node_modules/.cache");

/** The examples in the doc comments of a file. */
function examplesIn(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node))
      if (tag.tagName.text === "example" && tag.parent.parent === node)
        found.push(ts.getTextOfJSDocComment(tag.comment) ?? "");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const examples = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .flatMap((path) => examplesIn(join(ROOT, "src", path)).map((text, index) => ({ path, index, text })));

test("every example of a doc comment is a whole program that compiles", () => {
  expect(examples.length).toBeGreaterThan(25);
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "examples-"));
  try {
    for (const { path, index, text } of examples)
      writeFileSync(join(folder, `${path.replaceAll(/[\\/]/g, ".")}.${index}.ts`), `${text}\nexport {};\n`);
    const compilerOptions = {
      ...{ target: "ES2022", module: "commonjs", moduleResolution: "bundler", strict: true, noEmit: true },
      ...{ noUnusedLocals: true, skipLibCheck: true, esModuleInterop: true },
      ...{
        lib: ["ES2023", "ESNext.Disposable"],
        types: ["node", "jest"],
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      paths: Object.fromEntries(
        ["", "/plugin", "/policies", "/testing"]
          .map((part) => [`pulumi-aws-approvals${part}`, [join(ROOT, "src", part, "index.ts")]])
          .concat([["pulumi-aws-approvals/notifications", [join(ROOT, "src/notifications.ts")]]]),
      ),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const tsc = join(ROOT, "node_modules/typescript7/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout.replaceAll(`${relative(process.cwd(), folder)}/`, "")).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("the examples in YAML", () => {
  const files = readdirSync(join(ROOT, "docs/examples")).filter((file) => file.endsWith(".yaml"));

  test.each(files)("%s refers to what it declares", (file) => {
    const text = read(`docs/examples/${file}`);
    const { config = {}, resources = {}, variables = {} } = parse(text);
    const declared = Object.keys({ ...config, ...resources, ...variables });
    const named = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(declared).toEqual(expect.arrayContaining(named));
  });

  test.each(files)("%s gives arguments that there are, and all that are required", (file) => {
    const { resources = {}, variables = {} } = parse(read(`docs/examples/${file}`));
    const { resources: types, functions }: Declarations = schema;
    const given = [
      ...Object.values<Resource>(resources).map(({ type, properties = {} }) => {
        const { inputProperties = {}, requiredInputs = [] } = types[type] ?? {};
        return { known: Object.keys(inputProperties), required: requiredInputs, properties };
      }),
      ...Object.values<Variable>(variables).map(
        ({ "fn::invoke": { function: name, arguments: properties } }) => {
          const { properties: inputs = {}, required = [] } = functions[name]?.inputs ?? {};
          return { known: Object.keys(inputs), required, properties };
        },
      ),
    ];
    expect(given).not.toEqual([]);
    for (const { known, required, properties } of given) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(properties)));
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
    }
  });
});

interface Declarations {
  resources: Record<string, { inputProperties?: object; requiredInputs?: string[] }>;
  functions: Record<string, { inputs?: { properties?: object; required?: string[] } }>;
}
interface Resource {
  type: string;
  properties?: object;
}
interface Variable {
  "fn::invoke": { function: string; arguments: object };
}
