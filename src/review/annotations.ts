import type { Entry, Review } from "./model";
import { headline, titleOf } from "./sections";
import { withoutMarks } from "./text";

/** Workflow commands of GitHub Actions, which show on the run and on the pull request. */
export function toAnnotations(review: Review): string {
  const { findings, access, votes, expiring, destroyed, errors } = review;
  const of = (level: "notice" | "warning", title: string, entries: Entry[]) =>
    entries.map(({ name, text }) => command(level, `${title}: ${name}`, text));
  return [
    command("notice", titleOf(review), headline(review)),
    ...findings.map(({ rule, name, message }) => command("error", `${rule}: ${name}`, message)),
    ...errors.map((message) => command("error", "The preview failed", message)),
    ...of("notice", "Asked for access", access),
    ...of("notice", "Votes", votes),
    ...of("warning", "Expires soon", expiring),
    ...of("warning", "Destroyed", destroyed),
  ].join("");
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function command(level: string, title: string, message: string): string {
  return `::${level} title=${escapedProperty(title)}::${escapedData(withoutMarks(message))}\n`;
}

const escapedData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapedProperty = (text: string): string =>
  escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
