import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { AwsClients } from "../../src/aws/clients";
import { readConfiguration } from "../../src/aws/configuration";
import { clientsFor } from "../../src/cli/aws";
import { precedenceCases, startSeeingAws } from "./precedenceCases";

type SeeingAws = Awaited<ReturnType<typeof startSeeingAws>>;
const aws = {} as Record<"a" | "b", SeeingAws>;
let folder: string;
const environment = { ...process.env };

const dropAwsVariables = () => {
  for (const name of Object.keys(process.env))
    if (name.startsWith("AWS_") && !name.startsWith("AWS_SDK_")) delete process.env[name];
};

beforeAll(async () => {
  [aws.a, aws.b] = await Promise.all([startSeeingAws(), startSeeingAws()]);
});
afterAll(async () => {
  await aws.a[Symbol.asyncDispose]();
  await aws.b[Symbol.asyncDispose]();
});
beforeEach(() => {
  // The AWS SDK keeps what it has read of a file, so each test has files of its own.
  folder = mkdtempSync(join(tmpdir(), "aws-environment-"));
  for (const { calls } of [aws.a, aws.b]) calls.length = 0;
  dropAwsVariables();
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  });
});
afterEach(() => {
  dropAwsVariables();
  Object.assign(process.env, environment);
  rmSync(folder, { recursive: true });
});

/** Writes a text with the URLs that its placeholders stand for. */
const write = (name: string, text: string) => writeFileSync(join(folder, name), fill(text));
const fill = (text: string) =>
  text.replaceAll("{a}", aws.a.url).replaceAll("{b}", aws.b.url).replaceAll("{token}", join(folder, "token"));
const setEnvironment = (env: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries(env)) process.env[name] = fill(value);
};

/** Where a call went, in which region and as whom. */
async function whoAmI(clients: AwsClients) {
  const sts = await clients.sts();
  await sts.send(new GetCallerIdentityCommand({})).finally(() => sts.destroy());
  return (["a", "b"] as const).flatMap((name) => aws[name].calls.map((call) => ({ aws: name, ...call })));
}

describe.each([
  ["a program", (profile = "") => new AwsClients(readConfiguration({ "aws:profile": profile }))],
  ["the command", (profile?: string) => clientsFor({ ...(profile && { profile }) })],
])("%s", (_, clientsOf) => {
  test.each(precedenceCases)("$name", async ({ config, credentials, env, profile, expected }) => {
    write("config", config ?? "");
    write("credentials", credentials ?? "");
    write("token", "of an identity provider");
    setEnvironment(env);
    const called = whoAmI(clientsOf(profile));
    if (expected === "error") await expect(called).rejects.toThrow("there is no such profile");
    else expect(await called).toEqual([expected]);
  });
});
