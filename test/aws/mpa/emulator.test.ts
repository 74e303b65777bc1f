import { loadMpa, type MPAClient } from "../../../src/aws/mpa";
import { type Emulator, ManualClock, startEmulator } from "../../../src/emulator";

// The client and the embedded AWS are two readings of one API: here they meet.
const mpa = loadMpa();

const ACCOUNT = "111122223333";
const SOURCE = `arn:aws:mpa:us-east-1:${ACCOUNT}:identity-source/IamIdentityCenter`;
const INSTANCE = { InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", Region: "eu-central-1" };

let clock: ManualClock;
let emulator: Emulator;
let client: MPAClient;

beforeEach(async () => {
  clock = new ManualClock(new Date("2026-01-02T03:04:05.000Z"));
  emulator = await startEmulator({ clock });
  client = new mpa.MPAClient({
    region: "us-east-1",
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: "secret" },
  });
});

afterEach(async () => {
  client.destroy();
  await emulator.close();
});

const create = (token: string) =>
  client.send(
    new mpa.CreateIdentitySourceCommand({
      IdentitySourceParameters: { IamIdentityCenter: INSTANCE },
      ClientToken: token,
      Tags: { team: "security" },
    }),
  );
const get = () => client.send(new mpa.GetIdentitySourceCommand({ IdentitySourceArn: SOURCE }));
const tags = async () =>
  (await client.send(new mpa.ListTagsForResourceCommand({ ResourceArn: SOURCE }))).Tags;

test("an identity source's life", async () => {
  await expect(create("one")).resolves.toMatchObject({
    IdentitySourceType: "IAM_IDENTITY_CENTER",
    IdentitySourceArn: SOURCE,
    CreationTime: clock.now(),
  });
  await expect(get()).resolves.toMatchObject({ Status: "CREATING" });

  clock.advance("1m");
  await expect(get()).resolves.toMatchObject({
    Status: "ACTIVE",
    CreationTime: new Date("2026-01-02T03:04:05.000Z"),
    IdentitySourceParameters: {
      IamIdentityCenter: { ...INSTANCE, ApprovalPortalUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) },
    },
  });
  const { IdentitySources } = await client.send(new mpa.ListIdentitySourcesCommand({}));
  expect(IdentitySources).toEqual([expect.objectContaining({ IdentitySourceArn: SOURCE, Status: "ACTIVE" })]);

  await client.send(
    new mpa.TagResourceCommand({ ResourceArn: SOURCE, Tags: { stage: "prod", "a/b c": "" } }),
  );
  expect(await tags()).toEqual({ team: "security", stage: "prod", "a/b c": "" });
  await client.send(new mpa.UntagResourceCommand({ ResourceArn: SOURCE, TagKeys: ["team", "a/b c"] }));
  expect(await tags()).toEqual({ stage: "prod" });

  await client.send(new mpa.DeleteIdentitySourceCommand({ IdentitySourceArn: SOURCE }));
  await expect(get()).resolves.toMatchObject({ Status: "DELETING" });
  clock.advance("1m");
  await expect(get()).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $fault: "client",
    $metadata: { httpStatusCode: 404, attempts: 1 },
  });
});

test("a repeated ClientToken answers with the first source, another one meets the quota", async () => {
  await create("one");
  await expect(create("one")).resolves.toMatchObject({ IdentitySourceArn: SOURCE });
  await expect(create("two")).rejects.toMatchObject({
    name: "ServiceQuotaExceededException",
    message: expect.stringContaining(SOURCE),
    $metadata: { httpStatusCode: 402, attempts: 1 },
  });
});

test("a source in ERROR tells why", async () => {
  const failure = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "No such instance" } as const;
  emulator.identitySourceCreation = { delayMs: 0, outcome: failure };
  await create("one");
  await expect(get()).resolves.toMatchObject({
    Status: "ERROR",
    StatusCode: failure.statusCode,
    StatusMessage: failure.statusMessage,
  });
});
