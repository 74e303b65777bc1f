import type { Detail, Entry, Review, Sentence } from "./model";
import { everythingElse, failure, headline, sectionsOf, titleOf } from "./sections";
import { code } from "./wording";

/** What every comment begins with, so that it can be found and updated. `project/stack` follows. */
export const MARKER = "<!-- aws-approvals review";

/** GitHub takes comments of up to 65,536 characters, GitLab of a million. */
const MAX_LENGTH = 60_000;

interface Limits {
  details: boolean;
  /** Of each section. */
  entries: number;
  /** Of the characters of an entry. */
  length: number;
}

const { POSITIVE_INFINITY: ALL } = Number;

/** Even an entry of the greatest length in every line of the last one leaves a comment short enough. */
const LEVELS: readonly Limits[] = [
  { details: true, entries: ALL, length: ALL },
  { details: false, entries: ALL, length: ALL },
  { details: false, entries: 100, length: ALL },
  { details: false, entries: 20, length: 300 },
];

/** A comment for a pull request. One that would be too long leaves out details, then entries, and says so. */
export function toMarkdown(review: Review): string {
  let text = "";
  for (const limits of LEVELS) {
    text = render(review, limits);
    if (text.length <= MAX_LENGTH) break;
  }
  return text;
}

function render(review: Review, limits: Limits): string {
  const { stack = "", findings } = review;
  const rest = everythingElse(review, limits.entries);
  const failed = failure(review);
  return `${[
    `${MARKER} ${stack.replace(/[<>]/g, "-")} -->`,
    `### ${titleOf(review, code)}`,
    `**${escaped(cut(headline(review), limits.length))}**`,
    ...(failed ? [`> **${failed}**`] : []),
    ...(findings.length > 0
      ? [
          "#### Rule violations",
          listing(findings, limits, ({ rule, name, message }) =>
            line(`**${code(rule)}**, ${shortened(code(name))}`, message, limits),
          ),
        ]
      : []),
    ...sectionsOf(review).flatMap(({ title, entries }) => [
      `#### ${title}`,
      listing(entries, limits, (entry) => renderEntry(entry, limits)),
    ]),
    ...(rest ? [`**Everything else:** ${escaped(cut(rest, limits.length * limits.entries))}`] : []),
  ].join("\n\n")}\n`;
}

function listing<T>(items: readonly T[], { entries }: Limits, show: (item: T) => string): string {
  const missing = items.length - entries;
  const note =
    missing > 0 ? [`- and ${missing} more, which \`aws-approvals review --format text\` lists`] : [];
  return [...items.slice(0, entries).map(show), ...note].join("\n");
}

function renderEntry({ name, text, details }: Entry, limits: Limits): string {
  const short = shortened(text);
  const whole = short === text ? [] : [{ text: "In full", folded: text }];
  const more = limits.details ? [...whole, ...details].map(renderDetail) : [];
  return [line(shortened(code(name)), short, limits), ...more].join("\n");
}

const line = (subject: Sentence, text: Sentence, { length }: Limits): string =>
  `- ${subject}: ${escaped(cut(text, length))}`;

/** Values that are longer than an ARN are cut. */
const shortened = (sentence: Sentence): Sentence =>
  mapParts(sentence, {
    code: (value) => `\`${value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value}\``,
  });

const VALUE_LENGTH = 150;

function cut(sentence: Sentence, length: number): Sentence {
  if (sentence.length <= length) return sentence;
  const begin = sentence.slice(0, length);
  return `${begin}${begin.split("`").length % 2 === 0 ? "`" : ""} …`;
}

function renderDetail({ text, folded }: Detail): string {
  if (folded === undefined && text.length <= FOLD_LENGTH) return `  - ${escaped(text)}`;
  const [summary, body] =
    folded === undefined ? [`${text.slice(0, text.indexOf(":") + 1 || 20)} …`, text] : [text, folded];
  return `  - <details><summary>${html(summary)}</summary>${html(body)}</details>`;
}

const FOLD_LENGTH = 200;

/** Text outside of code without what Markdown, HTML or a mention would make of it. */
const escaped = (sentence: Sentence): string =>
  mapParts(sentence, { text: (text) => escapedHtml(text.replace(/[\\*_[\]|~#]/g, "\\$&")) });

const html = (sentence: Sentence): string =>
  mapParts(sentence, { text: escapedHtml, code: (value) => `<code>${escapedHtml(value)}</code>` });

/** GitHub looks for mentions in what the entities stand for. It finds none that a comment interrupts. */
const escapedHtml = (text: string): string =>
  text.replace(/[<>&]/g, (one) => `&#${one.charCodeAt(0)};`).replaceAll("@", "@<!-- -->");

/** What is between backticks and what is not. */
function mapParts(
  sentence: Sentence,
  change: { text?: (text: string) => string; code?: (value: string) => string },
): string {
  const { text = (one) => one, code = (one) => `\`${one}\`` } = change;
  return sentence
    .split("`")
    .map((part, i) => (i % 2 === 0 ? text(part) : code(part)))
    .join("");
}
