// The review of every change in the lifecycle table, recorded in docs/reviews. Both engines, both fronts and both forms of
// the preview give the same. With RECORD=1 in the environment, the tests write what they see on the offline engine.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { toMarkdown } from "../../src/review/markdown";
import { parsePreview } from "../../src/review/preview";
import { isEmpty, review } from "../../src/review/review";
import { AwsFixture } from "./awsFixture";
import { engines, type RealStack, type Stack } from "./engines";
import type { Scenario } from "./scenario";
import { type Front, fronts, scenariosOf } from "./scenarios";

const FOLDER = resolve(__dirname, "../../docs/reviews");

describe.each(engines)("$title", (engine) => {
  describe.each(engine.runsPlugins ? [fronts.dynamic, fronts.plugin] : [fronts.dynamic])(
    "$title",
    (front: Front) => {
      test.each(Object.entries(scenariosOf(front)))("%s", async (name, scenario) => {
        const recorded = new Recorder();
        const fixture = await AwsFixture.open();
        let stack: Stack | undefined;
        let current: Scenario["initial"] | undefined = scenario.initial;
        const declare = () => {
          current?.declare("it");
          return {};
        };
        try {
          await scenario.arrange?.(fixture);
          stack = await engine.open({ program: declare, env: fixture.env, inlineProvider: true });
          const change = async (title: string) => {
            await recorded.preview(title, stack as Stack, fixture);
            expect(await (stack as Stack).run("up")).toMatchObject({ errors: [] });
          };
          await change("created");
          current = scenario.updated;
          await change("updated");
          if (scenario.replacement) {
            current = scenario.replacement.variant;
            await change("replaced");
          }
          const last = current;
          current = undefined;
          await recorded.preview("deleted", stack, fixture);
          current = last;
          // What a refresh sees makes the same diffs on both engines, and is most of the time of the real one.
          for (const { title, make } of engine.runsPlugins ? [] : scenario.outsideChanges) {
            fixture.age();
            await make(fixture);
            await stack.run("refresh");
            await change(`after a refresh that sees: ${title}`);
          }
        } finally {
          await stack?.close();
          await fixture.close();
        }
        const file = resolve(FOLDER, `${name}.md`);
        const text = recorded.text(scenario.title);
        if (process.env["RECORD"] && !engine.runsPlugins) await writeFile(file, text);
        const expected = sectionsOf(await readFile(file, "utf8"));
        expect(sectionsOf(text)).toEqual(engine.runsPlugins ? expected.filter(isOfProgram) : expected);
      });
    },
  );
});

const sectionsOf = (text: string): string[] => text.trimEnd().split(/\n+(?=## )/);

const isOfProgram = (section: string): boolean => !section.startsWith("## After a refresh");

class Recorder {
  private readonly parts: string[] = [];

  async preview(title: string, stack: Stack, { clock }: AwsFixture): Promise<void> {
    const buffered = await stack.previewJson();
    const reviewed = (json: string) => {
      const result = review(parsePreview(json), { now: clock.now() });
      return isEmpty(result) ? "Nothing.\n" : toMarkdown(result);
    };
    const text = reviewed(buffered);
    // An operation of the real engine takes seconds.
    if ("unlock" in stack && title === "replaced")
      expect(reviewed(await (stack as RealStack).previewJson(true))).toBe(text);
    this.parts.push(`## ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${withoutWhatVaries(text)}`);
  }

  text(title: string): string {
    return `# ${title}\n\n${this.parts.join("\n")}`;
  }
}

/** The same text in every run. */
const withoutWhatVaries = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "TIME")
    .replace(/approval-team\/ops-[0-9a-z]+/g, "approval-team/ops-ID");
