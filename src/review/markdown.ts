import type { Review, Sentence } from "./model";
import { everythingElse, failure, headline, sectionsOf } from "./sections";
import { code } from "./wording";

/** What every comment begins with, so that it can be found and updated. `project/stack` follows. */
export const MARKER = "<!-- aws-approvals review";

/** GitHub takes comments of up to 65,536 characters, GitLab of a million. */
const MAX_LENGTH = 60_000;
const MAX_ENTRIES = 100;

interface Limits {
  details: boolean;
  entries: number;
}

/** A comment for a pull request. One that would be too long leaves out details, then entries, and says so. */
export function toMarkdown(review: Review): string {
  const levels: Limits[] = [
    { details: true, entries: Number.POSITIVE_INFINITY },
    { details: false, entries: Number.POSITIVE_INFINITY },
  ];
  const texts = levels.map((limits) => render(review, limits));
  return (
    texts.find(({ length }) => length <= MAX_LENGTH) ??
    render(review, { details: false, entries: MAX_ENTRIES })
  );
}

function render(review: Review, limits: Limits): string {
  const { stack = "", findings } = review;
  const rest = everythingElse(review);
  const failed = failure(review);
  return `${[
    `${MARKER} ${stack.replace(/--+|[<>]/g, "-")} -->`,
    `### Who is asked by this change${stack === "" ? "" : ` to ${code(stack)}`}`,
    `**${escaped(headline(review))}**`,
    ...(failed ? [`> **${failed}**`] : []),
    ...(findings.length > 0
      ? [
          "#### Rule violations",
          findings
            .map(({ rule, name, message }) => `- **${code(rule)}**, ${code(name)}: ${escaped(message)}`)
            .join("\n"),
        ]
      : []),
    ...sectionsOf(review).flatMap((section) => [
      `#### ${section.title}`,
      renderEntries(section.entries, limits),
    ]),
    ...(rest ? [`**Everything else:** ${escaped(rest)}`] : []),
  ].join("\n\n")}\n`;
}

function renderEntries(entries: Review["access"], limits: Limits): string {
  const shown = entries.slice(0, limits.entries).map(({ name, text, details }) => {
    const more = limits.details ? details.map(renderDetail) : [];
    return [`- ${code(name)}: ${escaped(text)}`, ...more].join("\n");
  });
  const missing = entries.length - shown.length;
  const note =
    missing > 0 ? [`- and ${missing} more, which \`aws-approvals review --format text\` lists`] : [];
  return [...shown, ...note].join("\n");
}

function renderDetail({ text, folded }: Review["access"][number]["details"][number]): string {
  if (folded === undefined && text.length <= FOLD_LENGTH) return `  - ${escaped(text)}`;
  const [summary, body] =
    folded === undefined ? [`${text.slice(0, text.indexOf(":") + 1 || 20)} …`, text] : [text, folded];
  return `  - <details><summary>${html(summary)}</summary>${html(body)}</details>`;
}

const FOLD_LENGTH = 200;

/** Text outside of code without what Markdown, HTML or a mention would make of it. */
const escaped = (sentence: Sentence): string =>
  outsideCode(sentence, (text) =>
    text.replace(/[\\*_[\]|~#]/g, "\\$&").replace(/[<>&@]/g, (one) => `&#${one.charCodeAt(0)};`),
  );

function outsideCode(sentence: Sentence, change: (text: string) => string): string {
  return sentence
    .split("`")
    .map((part, i) => (i % 2 === 0 ? change(part) : `\`${part}\``))
    .join("");
}

const html = (sentence: Sentence): string =>
  sentence
    .split("`")
    .map((part, i) => {
      const text = part.replace(/[<>&@]/g, (one) => `&#${one.charCodeAt(0)};`);
      return i % 2 === 0 ? text : `<code>${text}</code>`;
    })
    .join("");
