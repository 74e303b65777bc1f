import { AwsClients } from "../../src/aws/clients";
import { loadMpa } from "../../src/aws/mpa";
import { findCreated } from "../../src/provider/creation";
import { RecordingServer } from "../aws/mpa/recordingServer";

// What a create call has answered with may not be visible yet, or was deleted long ago: its age tells, by AWS's time.

const ARN = "arn:aws:mpa:us-east-1:111122223333:approval-team/ops-1";
const NOT_FOUND = { status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException" } };
const ago = (ms: number) => new Date(Date.now() - ms);

/** Looks for a resource of a server, whose answers have its own time. The first look does not show it. */
async function look(created: Date, machine: Date) {
  await using server = await new RecordingServer().start();
  server.answers = [NOT_FOUND, { body: { Arn: ARN } }];
  const clock = { now: () => machine, sleep: async () => {} };
  const configuration = { region: "us-east-1", accessKey: "111122223333", secretKey: "secret" };
  const aws = new AwsClients(
    { ...configuration, endpoints: { mpa: server.url } },
    { clock, log: () => undefined },
  );
  const { GetApprovalTeamCommand } = loadMpa();
  const mpa = await aws.mpa();
  const find = () => mpa.send(new GetApprovalTeamCommand({ Arn: ARN })).catch(() => undefined);
  try {
    return await findCreated(find, created.toISOString(), { aws, clock });
  } finally {
    mpa.destroy();
  }
}

test.each([
  ["ahead", ago(-120_000)],
  ["behind", ago(120_000)],
])("what is new by AWS's time is looked for again while this machine's clock is %s", async (_, machine) => {
  expect(await look(ago(0), machine)).toMatchObject({ found: { Arn: ARN }, isNew: true });
});

test("what is old by AWS's time was deleted, whatever this machine's clock says", async () => {
  const created = ago(120_000);
  expect(await look(created, created)).toEqual({ found: undefined, isNew: false });
});
