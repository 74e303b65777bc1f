import { wrap } from "../wrap";
import type { Review, Sentence } from "./model";
import { everythingElse, failure, headline, sectionsOf, titleOf } from "./sections";

/** For a terminal or a log. */
export function toText(review: Review): string {
  const { findings } = review;
  const rest = everythingElse(review);
  const failed = failure(review);
  const lines = [
    line(titleOf(review)),
    line(headline(review)),
    ...(failed ? [line(failed)] : []),
    ...(findings.length > 0
      ? [
          "",
          "Rule violations",
          ...findings.map(({ rule, name, message }) => line(`${rule}, ${name}: ${message}`, "  ")),
        ]
      : []),
    ...sectionsOf(review).flatMap(({ title, entries }) => [
      "",
      title,
      ...entries.flatMap(({ name, text, details }) => [
        line(`${name}: ${text}`, "  "),
        ...details.map(({ text, folded }) =>
          line(`${text}${folded === undefined ? "" : `: ${folded}`}`, "    "),
        ),
      ]),
    ]),
    ...(rest ? ["", line(`Everything else: ${rest}`)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** In as many columns as every terminal has. */
const line = (sentence: Sentence, indent = ""): string => wrap(withoutMarks(sentence), indent);

export const withoutMarks = (sentence: Sentence): string => sentence.replaceAll("`", "");
