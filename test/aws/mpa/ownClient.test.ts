import * as mpa from "../../../src/aws/mpa/ownClient";
import { RecordingServer } from "./recordingServer";

// What our client does beyond the official one, or leaves out of the log as it does.
let server: RecordingServer;

beforeEach(async () => {
  server = await new RecordingServer().start();
});

afterEach(() => server[Symbol.asyncDispose]());

function connect(logger?: Console): mpa.MPAClient {
  return new mpa.MPAClient({
    region: "us-east-1",
    endpoint: server.url,
    credentials: { accessKeyId: "111122223333", secretAccessKey: "secret" },
    logger,
  });
}

test.each<[string, string, (client: mpa.MPAClient) => Promise<unknown>]>([
  [
    "GetIdentitySource",
    "IdentitySourceArn",
    (client) => client.send(new mpa.GetIdentitySourceCommand({ IdentitySourceArn: "" })),
  ],
  [
    "DeleteIdentitySource",
    "IdentitySourceArn",
    (client) => client.send(new mpa.DeleteIdentitySourceCommand({ IdentitySourceArn: "" })),
  ],
  [
    "TagResource",
    "ResourceArn",
    (client) => client.send(new mpa.TagResourceCommand({ ResourceArn: "", Tags: { a: "b" } })),
  ],
  [
    "UntagResource",
    "ResourceArn",
    (client) => client.send(new mpa.UntagResourceCommand({ ResourceArn: "", TagKeys: ["a"] })),
  ],
  [
    "ListTagsForResource",
    "ResourceArn",
    (client) => client.send(new mpa.ListTagsForResourceCommand({ ResourceArn: "" })),
  ],
])("%s with an empty %s is not sent", async (operation, member, send) => {
  const client = connect();
  await expect(send(client)).rejects.toMatchObject({
    name: "ValidationException",
    message: `${operation}: ${member} must not be empty. No request was sent.`,
    $fault: "client",
  });
  client.destroy();
  expect(server.requests).toEqual([]);
});

test("tags stay out of the log", async () => {
  const info = jest.fn<void, [unknown]>();
  const client = connect({ ...console, info, debug: () => {} });
  server.answers = [{ body: { Tags: { secretKey: "secretValue" } } }];
  await client.send(new mpa.TagResourceCommand({ ResourceArn: "arn:x", Tags: { secretKey: "secretValue" } }));
  await client.send(new mpa.UntagResourceCommand({ ResourceArn: "arn:x", TagKeys: ["secretKey"] }));
  await client.send(new mpa.ListTagsForResourceCommand({ ResourceArn: "arn:x" }));
  client.destroy();
  expect(info).toHaveBeenCalledTimes(3);
  const log = JSON.stringify(info.mock.calls);
  expect(log).toContain("arn:x");
  expect(log).not.toContain("secret");
});
