// npm run docs: makes the site in `site`: README, the pages of docs, and what the package exports. It fails when an export
// has no docstring, and when a link leads nowhere.
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { lexer, type Token, type Tokens, walkTokens } from "marked";
import type {
  CommentDisplayPart,
  DeclarationReflection,
  DocumentReflection,
  FileRegistry,
  ProjectReflection,
  Reflection,
  SomeType,
  TranslatedString,
} from "typedoc";
import manifest from "../package.json";
import { brokenLinks } from "./siteLinks";

const ROOT = resolve(__dirname, "..");
const SITE = join(ROOT, "site");
const REPOSITORY = manifest.repository.url.replace(/^git\+|\.git$/g, "");
const PULUMI = "https://www.pulumi.com/docs/reference/pkg/nodejs/pulumi/pulumi/";

/** States and serialized functions refer to these, and programs do not. */
const NOT_FOR_PROGRAMS = ["./provider", "./mailbox/*", "./package.json"];

const entryPoints = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  NOT_FOR_PROGRAMS.includes(subpath) || typeof target === "string"
    ? []
    : [join(ROOT, target.types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts"))],
);

/** The pages beside README by their paths, in their order, with the group that each is in. */
const pages = new Map([
  ...pagesOf(readFileSync(join(ROOT, "README.md"), "utf8")),
  ["CHANGELOG.md", "The project"],
  ["CONTRIBUTING.md", "The project"],
]);

/** The pages that README links: in groups as its section "Reference" has them, and others in the first one. */
function pagesOf(readme: string): Map<string, string> {
  const tokens = lexer(readme);
  const start = tokens.findIndex((token) => token.type === "heading" && token.text === "Reference");
  const found = new Map<string, string>();
  let group = "";
  for (const token of tokens.slice(start)) {
    if (token.type === "paragraph") group = token.text.replace(/:$/, "");
    for (const path of token.type === "list" ? pageLinks([token]) : [])
      found.set(path, path.startsWith("docs/reference/") ? "Arguments and outputs" : group);
  }
  const others = pageLinks(tokens).filter((path) => !found.has(path));
  return new Map([...found, ...others.map((path): [string, string] => [path, "For both"])]);
}

function pageLinks(tokens: Token[]): string[] {
  const links: string[] = [];
  walkTokens(tokens, (token) => {
    if (token.type === "link") links.push((token as Tokens.Link).href.replace(/#.*/, ""));
  });
  return links.filter((path) => /^docs\/.*\.md$/.test(path));
}

/** What the site has of the repository's files; links to others lead to the repository. */
const isInSite = (path: string) => pages.has(path) || path === "README.md" || /\.(png|svg)$/.test(path);

const targetOf = (folder: string, link: string) => relative(ROOT, join(folder, link.replace(/#.*/, "")));

/** Keeps typedoc from copying files that the site does not have. */
function registerOnlyWhatIsInSite(files: FileRegistry): void {
  const register = files.register.bind(files);
  files.register = (source, path) =>
    isInSite(targetOf(dirname(source), path)) ? register(source, path) : undefined;
}

function linkToRepository(parts: CommentDisplayPart[], folder: string): void {
  parts.forEach((part, index) => {
    if (part.kind !== "relative-link" || part.target !== undefined) return;
    parts[index] = { kind: "text", text: `${REPOSITORY}/tree/main/${targetOf(folder, part.text)}` };
  });
}

/** Gives a page its group and, from its heading, its title. */
function present(document: DocumentReflection): void {
  const file = document.project.files.getReflectionPath(document) ?? "";
  const group = pages.get(relative(ROOT, file));
  if (group) document.frontmatter["category"] = group;
  linkToRepository(document.content, dirname(file));
  // Code in a heading is left out of its anchor and of the page's index.
  let line = "";
  document.content.forEach((part, index, parts) => {
    if (part.kind === "code" && /^#+ /.test(line))
      parts[index] = { kind: "text", text: part.text.replaceAll("`", "") };
    line = `${line}${part.text}`.split("\n").at(-1) ?? "";
  });
  const text = document.content.map((part) => part.text).join("");
  const [, title] = /^# (.*)$/m.exec(text) ?? [];
  if (title) document.name = title.replaceAll("`", "");
}

/** The start page has the package's name above README. */
function presentReadme(parts: CommentDisplayPart[] = []): void {
  linkToRepository(parts, ROOT);
  const [first] = parts;
  if (first) first.text = first.text.replace(/^# .*\n/, "");
}

/** What the declarations show is how types are made, which means nothing to who uses them. */
function hideConstruction({ reflections }: ProjectReflection): void {
  const isPublic = (type: SomeType | undefined) =>
    type?.type === "reference" && (type.reflection !== undefined || type.package !== manifest.name);
  for (const reflection of Object.values(reflections) as (Reflection & Partial<DeclarationReflection>)[]) {
    if (!reflection.isDeclaration() && !reflection.isSignature()) continue;
    if (reflection.inheritedFrom?.reflection === undefined) delete reflection.inheritedFrom;
    if (!reflection.isDeclaration()) continue;
    delete reflection.defaultValue;
    const extended = reflection.extendedTypes?.filter(isPublic) ?? [];
    if (extended.length === 0) delete reflection.typeHierarchy;
    reflection.extendedTypes = extended;
  }
}

async function main(): Promise<void> {
  const { Application, Converter, KindRouter } = await import("typedoc");
  const app = await Application.bootstrap({
    name: manifest.name,
    entryPoints,
    readme: join(ROOT, "README.md"),
    projectDocuments: [...pages.keys()].map((path) => join(ROOT, path)),
    tsconfig: join(ROOT, "tsconfig.json"),
    out: SITE,
    router: "pages",
    customCss: join(__dirname, "site.css"),
    // `npm run typecheck` does that.
    skipErrorChecking: true,
    disableGit: true,
    gitRevision: "main",
    sourceLinkTemplate: `${REPOSITORY}/blob/{gitRevision}/{path}#L{line}`,
    externalSymbolLinkMappings: { "@pulumi/pulumi": { "*": PULUMI } },
    // Relative links are checked below, in what is made of them.
    validation: { notExported: true, invalidLink: true, invalidPath: false, notDocumented: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
    sort: ["kind", "instance-first", "alphabetical-ignoring-documents"],
    defaultCategory: "TypeScript",
    categoryOrder: [...new Set(pages.values())].toSpliced(-1, 0, "TypeScript"),
    categorizeByGroup: false,
    navigation: { includeCategories: true, includeGroups: false },
    navigationLinks: { GitHub: REPOSITORY, npm: `https://www.npmjs.com/package/${manifest.name}` },
    highlightLanguages: ["bash", "go", "ini", "javascript", "json", "python", "typescript", "yaml"],
    hideGenerator: true,
  });
  registerOnlyWhatIsInSite(app.files);
  app.renderer.defineRouter(
    "pages",
    class extends KindRouter {
      /** The addresses of pages stay when their titles change. */
      protected override getIdealBaseName(reflection: Reflection): string {
        const file = reflection.isDocument() && reflection.project.files.getReflectionPath(reflection);
        return file ? relative(ROOT, file).replace(/\.md$/, "") : super.getIdealBaseName(reflection);
      }
    },
  );
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => present(document));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => presentReadme(project.readme));
  // After typedoc's own.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => hideConstruction(project), -1000);
  const project = await app.convert();
  if (project) {
    app.validate(project);
    await app.generateOutputs(project);
    for (const link of await brokenLinks(SITE)) app.logger.error(link as TranslatedString);
  }
  process.exitCode = project && !app.logger.hasErrors() && !app.logger.hasWarnings() ? 0 : 1;
}

void main();
