import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type TestEmulator, VENDOR_ACCOUNT } from "../src/testing";
import { wrap } from "../src/wrap";
import { changeLines } from "./changes";
import { type Config, type Engine, type EngineName, openEngine, type Result } from "./engines";
import { headingOf, type Play } from "./story";

const INDENT = "    ";
const SHOWN = "      ";

/** Where the plays happen: what they print, and what they open, which closes with it. */
export class Stage {
  private steps = 0;
  private readonly closing: (() => Promise<void>)[] = [];
  private closed: Promise<void> | undefined;

  constructor(
    private readonly engineName: EngineName,
    readonly browse: boolean,
  ) {}

  /** Begins a play. */
  begin(play: Play): void {
    console.log(`\n${headingOf(play)}`);
  }

  /** Says what the next lines show. */
  step(sentence: string): void {
    const number = `${++this.steps}.`.padEnd(INDENT.length);
    console.log(`\n${wrap(sentence, number, INDENT)}`);
  }

  /** A line of what is shown. */
  show(line: string): void {
    console.log(SHOWN + line);
  }

  /** A text in what is shown, wrapped. */
  private showText(text: string): void {
    console.log(wrap(text, SHOWN));
  }

  /** What an operation changed and said, and those of the stack's outputs that matter now. */
  showResult({ changes, messages, before, outputs }: Result, names: readonly string[] = []): void {
    for (const line of changeLines(changes)) this.showText(line);
    for (const message of messages) this.showText(message);
    for (const name of names) {
      const [old, now] = [before[name], outputs[name]];
      this.showText(`${name}: ${old === undefined || old === now ? now : `${old} → ${now}`}`);
    }
  }

  /** An embedded AWS, which programs and commands from now on call as the vendor's account. */
  async openCloud(options: Parameters<typeof startEmulator>[0] = {}): Promise<TestEmulator> {
    const emulator = await startEmulator(options);
    this.atEnd(() => emulator.close());
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: VENDOR_ACCOUNT,
      AWS_SECRET_ACCESS_KEY: "demo",
      AWS_REGION: "us-east-1",
    });
    return emulator;
  }

  async openEngine(play: Play, config: Config = {}): Promise<Engine> {
    const engine = await openEngine(this.engineName, play, config);
    this.atEnd(() => engine.close());
    return engine;
  }

  async openFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
    this.atEnd(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Has something done when the stage closes. What was opened last is closed first. */
  atEnd(close: () => Promise<void>): void {
    this.closing.push(close);
  }

  close(): Promise<void> {
    this.closed ??= (async () => {
      for (const end of this.closing.splice(0).reverse()) await end();
    })();
    return this.closed;
  }
}
