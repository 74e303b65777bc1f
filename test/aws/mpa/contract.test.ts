import { loadMpa, type MPAClient } from "../../../src/aws/mpa";
import { type Answer, RecordingServer } from "./recordingServer";

// Whatever client is there, the official one or ours: this is what the rest of the package relies on.
const mpa = loadMpa();

const SOURCE = "arn:aws:mpa:us-east-1:111122223333:identity-source/IamIdentityCenter";
const SOURCE_PATH = "arn%3Aaws%3Ampa%3Aus-east-1%3A111122223333%3Aidentity-source%2FIamIdentityCenter";
const INSTANCE = { InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", Region: "eu-central-1" };
const TEAM_ARN = "arn:aws:mpa:us-east-1:111122223333:approval-team/ops-1";
const TEAM_PATH = "arn%3Aaws%3Ampa%3Aus-east-1%3A111122223333%3Aapproval-team%2Fops-1";
const SESSION_ARN = "arn:aws:mpa:us-east-1:111122223333:session/ops-1/s";
const POLICY_ARN = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";
const TEAM = {
  Name: "ops",
  Description: "Decides",
  ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
  Approvers: [{ PrimaryIdentityId: "alice", PrimaryIdentitySourceArn: SOURCE }],
  Policies: [{ PolicyArn: `${POLICY_ARN}/$DEFAULT` }],
  Tags: { a: "1" },
};
const FILTERS = [{ FieldName: "SessionStatus" as const, Operator: "EQ" as const, Value: "PENDING" }];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let server: RecordingServer;
let client: MPAClient;

beforeEach(async () => {
  server = await new RecordingServer().start();
  client = new mpa.MPAClient({
    region: "us-east-1",
    endpoint: server.url,
    credentials: { accessKeyId: "111122223333", secretAccessKey: "secret" },
  });
});

afterEach(async () => {
  client.destroy();
  await server[Symbol.asyncDispose]();
});

const create = (clientToken?: string) =>
  client.send(
    new mpa.CreateIdentitySourceCommand({
      IdentitySourceParameters: { IamIdentityCenter: INSTANCE },
      ClientToken: clientToken,
    }),
  );
const get = () => client.send(new mpa.GetIdentitySourceCommand({ IdentitySourceArn: SOURCE }));

/** The error that a call ends with; a call that succeeds is a failure of the test. */
async function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (error: Error) => error,
  );
}

describe("requests", () => {
  test.each<[string, () => Promise<unknown>, string, string, unknown]>([
    [
      "CreateIdentitySource",
      () =>
        client.send(
          new mpa.CreateIdentitySourceCommand({
            IdentitySourceParameters: { IamIdentityCenter: INSTANCE },
            ClientToken: "token",
            Tags: { team: "säkerhet" },
          }),
        ),
      "POST",
      "/identity-sources",
      {
        IdentitySourceParameters: { IamIdentityCenter: INSTANCE },
        ClientToken: "token",
        Tags: { team: "säkerhet" },
      },
    ],
    ["GetIdentitySource", get, "GET", `/identity-sources/${SOURCE_PATH}`, undefined],
    [
      "ListIdentitySources",
      () => client.send(new mpa.ListIdentitySourcesCommand({})),
      "POST",
      "/identity-sources/?List=",
      undefined,
    ],
    [
      "ListIdentitySources, a page",
      () => client.send(new mpa.ListIdentitySourcesCommand({ MaxResults: 5, NextToken: "a/b=" })),
      "POST",
      "/identity-sources/?List=&MaxResults=5&NextToken=a%2Fb%3D",
      undefined,
    ],
    [
      "DeleteIdentitySource",
      () => client.send(new mpa.DeleteIdentitySourceCommand({ IdentitySourceArn: SOURCE })),
      "DELETE",
      `/identity-sources/${SOURCE_PATH}`,
      undefined,
    ],
    [
      "TagResource",
      () => client.send(new mpa.TagResourceCommand({ ResourceArn: SOURCE, Tags: { a: "1", b: "" } })),
      "PUT",
      `/tags/${SOURCE_PATH}`,
      { Tags: { a: "1", b: "" } },
    ],
    [
      "UntagResource",
      () => client.send(new mpa.UntagResourceCommand({ ResourceArn: SOURCE, TagKeys: ["a", "b"] })),
      "POST",
      `/tags/${SOURCE_PATH}`,
      { TagKeys: ["a", "b"] },
    ],
    [
      "ListTagsForResource",
      () => client.send(new mpa.ListTagsForResourceCommand({ ResourceArn: SOURCE })),
      "GET",
      `/tags/${SOURCE_PATH}`,
      undefined,
    ],
    [
      "CreateApprovalTeam",
      () => client.send(new mpa.CreateApprovalTeamCommand({ ...TEAM, ClientToken: "token" })),
      "POST",
      "/approval-teams",
      { ...TEAM, ClientToken: "token" },
    ],
    [
      "GetApprovalTeam",
      () => client.send(new mpa.GetApprovalTeamCommand({ Arn: TEAM_ARN })),
      "GET",
      `/approval-teams/${TEAM_PATH}`,
      undefined,
    ],
    [
      "ListApprovalTeams",
      () => client.send(new mpa.ListApprovalTeamsCommand({ MaxResults: 5 })),
      "POST",
      "/approval-teams/?List=&MaxResults=5",
      undefined,
    ],
    [
      "UpdateApprovalTeam",
      () => client.send(new mpa.UpdateApprovalTeamCommand({ Arn: TEAM_ARN, Description: "Other" })),
      "PATCH",
      `/approval-teams/${TEAM_PATH}`,
      { Description: "Other" },
    ],
    [
      "StartActiveApprovalTeamDeletion",
      () => client.send(new mpa.StartActiveApprovalTeamDeletionCommand({ Arn: TEAM_ARN })),
      "POST",
      `/approval-teams/${TEAM_PATH}?Delete=`,
      {},
    ],
    [
      "DeleteInactiveApprovalTeamVersion",
      () => client.send(new mpa.DeleteInactiveApprovalTeamVersionCommand({ Arn: TEAM_ARN, VersionId: "17" })),
      "DELETE",
      `/approval-teams/${TEAM_PATH}/17`,
      undefined,
    ],
    [
      "GetSession",
      () => client.send(new mpa.GetSessionCommand({ SessionArn: SESSION_ARN })),
      "GET",
      `/sessions/${encodeURIComponent(SESSION_ARN)}`,
      undefined,
    ],
    [
      "ListSessions",
      () =>
        client.send(
          new mpa.ListSessionsCommand({ ApprovalTeamArn: TEAM_ARN, MaxResults: 5, Filters: FILTERS }),
        ),
      "POST",
      `/approval-teams/${TEAM_PATH}/sessions/?List=`,
      { MaxResults: 5, Filters: FILTERS },
    ],
    [
      "CancelSession",
      () => client.send(new mpa.CancelSessionCommand({ SessionArn: SESSION_ARN })),
      "PUT",
      `/sessions/${encodeURIComponent(SESSION_ARN)}`,
      undefined,
    ],
    [
      "ListPolicies",
      () => client.send(new mpa.ListPoliciesCommand({})),
      "POST",
      "/policies/?List=",
      undefined,
    ],
    [
      "ListPolicyVersions",
      () => client.send(new mpa.ListPolicyVersionsCommand({ PolicyArn: POLICY_ARN, NextToken: "a/b" })),
      "POST",
      `/policies/${encodeURIComponent(POLICY_ARN)}/?List=&NextToken=a%2Fb`,
      undefined,
    ],
  ])("%s", async (_operation, send, method, url, body) => {
    await send();
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request).toMatchObject({ method, url });
    expect(request?.body ? JSON.parse(request.body) : undefined).toEqual(body);
    if (body !== undefined) expect(request?.headers["content-type"]).toBe("application/json");
  });

  test("are signed for the service mpa in the client's region", async () => {
    await get();
    expect(server.requests[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=111122223333\/\d{8}\/us-east-1\/mpa\/aws4_request, /,
    );
  });

  test("carry the session token of temporary credentials", async () => {
    const temporary = new mpa.MPAClient({
      region: "us-east-1",
      endpoint: server.url,
      credentials: { accessKeyId: "ASIA", secretAccessKey: "secret", sessionToken: "session" },
    });
    await temporary.send(new mpa.GetIdentitySourceCommand({ IdentitySourceArn: SOURCE }));
    temporary.destroy();
    expect(server.requests[0]?.headers["x-amz-security-token"]).toBe("session");
  });

  test("say who calls", async () => {
    await get();
    expect(server.requests[0]?.headers["user-agent"]).toMatch(
      /^aws-sdk-js\/3\.\d+\.\d+ .*\bapi\/mpa#3\.\d+\.\d+/,
    );
  });

  test("have a ClientToken of their own when none is given", async () => {
    await create();
    await create();
    const tokens = server.bodies.map((body) => (body as { ClientToken: string }).ClientToken);
    expect(tokens).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
    expect(new Set(tokens).size).toBe(2);
  });
});

describe("answers", () => {
  test("timestamps become Dates, nulls and unknown members are left out", async () => {
    server.answers = [
      {
        headers: { "x-amzn-requestid": "request-1" },
        body: {
          IdentitySourceType: "IAM_IDENTITY_CENTER",
          IdentitySourceParameters: {
            IamIdentityCenter: { ...INSTANCE, ApprovalPortalUrl: "https://portal", New: 1 },
          },
          IdentitySourceArn: SOURCE,
          CreationTime: "2026-01-02T03:04:05.678Z",
          Status: "ACTIVE",
          StatusCode: null,
          New: { deep: true },
        },
      },
    ];
    const { $metadata, ...answer } = await get();
    expect(answer).toEqual({
      IdentitySourceType: "IAM_IDENTITY_CENTER",
      IdentitySourceParameters: { IamIdentityCenter: { ...INSTANCE, ApprovalPortalUrl: "https://portal" } },
      IdentitySourceArn: SOURCE,
      CreationTime: new Date("2026-01-02T03:04:05.678Z"),
      Status: "ACTIVE",
    });
    expect(answer).not.toHaveProperty("StatusCode");
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: "request-1", attempts: 1 });
  });

  test("a create tells the ARN", async () => {
    server.answers = [{ body: { IdentitySourceArn: SOURCE, CreationTime: "2026-01-02T03:04:05Z" } }];
    await expect(create()).resolves.toMatchObject({
      IdentitySourceArn: SOURCE,
      CreationTime: new Date("2026-01-02T03:04:05Z"),
    });
  });

  test("lists have typed members", async () => {
    server.answers = [
      {
        body: {
          NextToken: "more",
          IdentitySources: [{ IdentitySourceArn: SOURCE, CreationTime: "2026-01-02T03:04:05Z" }],
        },
      },
    ];
    await expect(client.send(new mpa.ListIdentitySourcesCommand({}))).resolves.toMatchObject({
      NextToken: "more",
      IdentitySources: [{ IdentitySourceArn: SOURCE, CreationTime: new Date("2026-01-02T03:04:05Z") }],
    });
  });

  test("tags are a map", async () => {
    server.answers = [{ body: { Tags: { team: "security", empty: "" } } }];
    await expect(
      client.send(new mpa.ListTagsForResourceCommand({ ResourceArn: SOURCE })),
    ).resolves.toMatchObject({
      Tags: { team: "security", empty: "" },
    });
  });

  test.each([200, 204])("an empty %i is fine", async (status) => {
    server.answers = [{ status, body: "" }];
    await expect(
      client.send(new mpa.DeleteIdentitySourceCommand({ IdentitySourceArn: SOURCE })),
    ).resolves.toMatchObject({ $metadata: { httpStatusCode: status } });
  });

  test("a timestamp that is a number is refused", async () => {
    server.answers = [{ body: { CreationTime: 1767323045 } }];
    expect((await failure(get())).name).toBe("TypeError");
  });
});

describe("errors", () => {
  test.each<[string, Answer]>([
    ["the header", { headers: { "x-amzn-errortype": "ConflictException" }, body: { __type: "Other" } }],
    [
      "the header, with its decoration",
      { headers: { "x-amzn-errortype": "ConflictException:http://internal/" } },
    ],
    ["the body's code", { body: { code: "ConflictException" } }],
    ["the body's Code", { body: { Code: "ConflictException" } }],
    ["the body's __type", { body: { __type: "com.amazonaws.mpa#ConflictException" } }],
  ])("are named by %s", async (_source, { headers, body }) => {
    server.answers = [{ status: 409, headers, body: { Message: "in use", ...(body as object) } }];
    const error = await failure(get());
    expect(error).toBeInstanceOf(mpa.MPAServiceException);
    expect(error).toMatchObject({
      name: "ConflictException",
      message: "in use",
      $fault: "client",
      $metadata: { httpStatusCode: 409, attempts: 1 },
    });
  });

  test("take their message from message too", async () => {
    server.answers = [{ status: 400, body: { __type: "ValidationException", message: "bad" } }];
    expect(await failure(get())).toMatchObject({ name: "ValidationException", message: "bad" });
  });

  test("keep what else they tell", async () => {
    server.answers = [
      { status: 400, body: { __type: "TooManyTagsException", Message: "51", ResourceName: SOURCE } },
    ];
    expect(await failure(get())).toMatchObject({ name: "TooManyTagsException", ResourceName: SOURCE });
  });

  test("that AWS adds later come out by their name", async () => {
    server.answers = [{ status: 418, body: { __type: "TeapotException", Message: "short and stout" } }];
    expect(await failure(get())).toMatchObject({ name: "TeapotException", message: "short and stout" });
  });

  test("of a proxy, not in JSON, keep the status", async () => {
    server.answers = [{ status: 403, body: "<html>Forbidden</html>" }];
    expect(await failure(get())).toMatchObject({ name: "SyntaxError", $metadata: { httpStatusCode: 403 } });
  });

  test("of the service are the server's fault", async () => {
    server.answers = [{ status: 500, body: { __type: "InternalServerException", Message: "oops" } }];
    expect(await failure(get())).toMatchObject({ name: "InternalServerException", $fault: "server" });
  });
});

describe("retries", () => {
  test.each<[string, Answer | "drop"]>([
    ["429", { status: 429, body: { __type: "ThrottlingException", Message: "slow down" } }],
    ["500", { status: 500, body: { __type: "InternalServerException", Message: "oops" } }],
    ["503", { status: 503, body: "" }],
    ["a dropped connection", "drop"],
  ])("after %s, with the same ClientToken", async (_what, trouble) => {
    server.answers = [trouble, { body: { IdentitySourceArn: SOURCE } }];
    await expect(create()).resolves.toMatchObject({ IdentitySourceArn: SOURCE, $metadata: { attempts: 2 } });
    const [first, second] = server.bodies;
    expect(server.requests).toHaveLength(2);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ ClientToken: expect.stringMatching(UUID) });
  });

  test("end after three attempts", async () => {
    server.answers = [{ status: 429, body: { __type: "ThrottlingException", Message: "slow down" } }];
    expect(await failure(create("token"))).toMatchObject({
      name: "ThrottlingException",
      $metadata: { attempts: 3 },
    });
    expect(server.bodies).toEqual(Array(3).fill(expect.objectContaining({ ClientToken: "token" })));
  });

  test.each([
    [400, "ValidationException"],
    [402, "ServiceQuotaExceededException"],
    [403, "AccessDeniedException"],
    [404, "ResourceNotFoundException"],
    [409, "ConflictException"],
  ])("are none after %i", async (status, name) => {
    server.answers = [{ status, body: { __type: name, Message: "no" } }];
    expect(await failure(create())).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(server.requests).toHaveLength(1);
  });
});
