import { type Command, Option } from "commander";
import { type Review, RULES } from "../../review/model";
import type { Rule } from "../../review/rules";
import { wrap } from "../../wrap";
import { CommandError, exitCodes } from "../exitCodes";
import { warn } from "../output";
import { readText } from "../stdin";

interface ReviewCommandOptions {
  format: "markdown" | "json" | "text" | "github-annotations";
  failOn?: string[];
  rules?: string;
}

const rulesHelp = `
Rules of --fail-on and --rules:
${Object.entries(RULES)
  .map(([name, meaning]) => wrap(`${name}: ${meaning}`, "  "))
  .join("\n")}
session-longer-than needs its limit in hours: session-longer-than=4`;

export function addReview(program: Command): void {
  program
    .command("review")
    .summary("show what a change asks of people, before it is made")
    .description(
      "Shows what a change asks of people, before it is made: which customers are asked for what, whose " +
        "votes change, what expires soon, what is destroyed. It reads what `pulumi preview --json` printed, " +
        "from a file or from stdin, and prints nothing if the change concerns no approvals.\n\n  pulumi " +
        "preview --json --show-sames --show-replacement-steps |\n  aws-approvals review --format text",
    )
    .argument("[file]", "what `pulumi preview --json` printed; - is stdin", "-")
    .addOption(
      new Option("--format <format>", "the format")
        .choices(["markdown", "json", "text", "github-annotations"])
        .default("markdown"),
    )
    .option(
      "--fail-on <rules>",
      "end with exit code 6 if the change breaks one of these rules, separated by commas; can be repeated",
      (rules, before?: string[]) => [...(before ?? []), rules],
    )
    .option("--rules <file>", 'JSON file of rules: { "failOn": ["renewal", "session-longer-than=4"] }')
    .addHelpText("after", rulesHelp)
    .action(async (file: string, options: ReviewCommandOptions) => {
      const [{ parsePreview }, { isEmpty, review }] = await Promise.all([
        import("../../review/preview"),
        import("../../review/review"),
      ]);
      const rules = await readRules(options);
      const preview = parsePreview(await read(file));
      const result = review(preview, { rules, now: new Date() });
      if (!isEmpty(result)) process.stdout.write(await render(result, options.format));
      else if (options.format === "json") process.stdout.write(await render(result, "json"));
      for (const { rule, name, message } of result.findings)
        warn(`${rule}, ${name}: ${message.replaceAll("`", "")}`);
      if (result.findings.length > 0) process.exitCode = exitCodes.violated;
      else if (result.errors.length > 0)
        throw new CommandError("The preview failed, so this review covers only a part of the change.");
    });
}

async function readRules({ failOn = [], rules: path }: ReviewCommandOptions): Promise<Rule[]> {
  const [{ parseRules, RuleError }, { parseRuleFile }] = await Promise.all([
    import("../../review/rules"),
    import("../../review/ruleFile"),
  ]);
  const attempt = (option: string, parse: () => Rule[]) => {
    try {
      return parse();
    } catch (error) {
      if (error instanceof RuleError) throw new CommandError(`${option}: ${error.message}`, exitCodes.usage);
      throw error;
    }
  };
  const text = path === undefined ? undefined : await read(path);
  const fromFile = text === undefined ? [] : attempt("--rules", () => parseRuleFile(text));
  const rules = [...fromFile, ...attempt("--fail-on", () => failOn.flatMap(parseRules))];
  return [...new Map(rules.map((rule) => [`${rule.name}=${rule.hours}`, rule])).values()];
}

async function render(review: Review, format: ReviewCommandOptions["format"]): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(review, undefined, 2)}\n`;
    case "text":
      return (await import("../../review/text")).toText(review);
    case "github-annotations":
      return (await import("../../review/annotations")).toAnnotations(review);
    default:
      return (await import("../../review/markdown")).toMarkdown(review);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`, exitCodes.failed, { cause: error });
  }
}
