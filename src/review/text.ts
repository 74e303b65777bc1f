import type { Review, Sentence } from "./model";
import { everythingElse, failure, headline, sectionsOf } from "./sections";

/** For a terminal or a log. */
export function toText(review: Review): string {
  const { stack, findings } = review;
  const rest = everythingElse(review);
  const failed = failure(review);
  const lines = [
    `Who is asked by this change${stack === undefined ? "" : ` to ${stack}`}`,
    headline(review),
    ...(failed ? [failed] : []),
    ...(findings.length > 0
      ? [
          "",
          "Rule violations",
          ...findings.map(({ rule, name, message }) => `  ${rule}, ${name}: ${message}`),
        ]
      : []),
    ...sectionsOf(review).flatMap(({ title, entries }) => [
      "",
      title,
      ...entries.flatMap(({ name, text, details }) => [
        `  ${name}: ${text}`,
        ...details.map(
          (detail) => `    ${detail.text}${detail.folded === undefined ? "" : `: ${detail.folded}`}`,
        ),
      ]),
    ]),
    ...(rest ? ["", `Everything else: ${rest}`] : []),
  ];
  return `${lines.map(withoutMarks).join("\n")}\n`;
}

export const withoutMarks = (sentence: Sentence): string => sentence.replaceAll("`", "");
