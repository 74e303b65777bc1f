import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpRequest } from "@smithy/types";
import { loadPaymentCryptography } from "../../../src/aws/paymentCryptography";
import * as ownClient from "../../../src/aws/paymentCryptography/ownClient";
import type { ClientConfig } from "../../../src/aws/smithy/configuration";
import { RecordingServer } from "../mpa/recordingServer";

// What distinguishes this service to a client; the rest it shares with the client of Multi-party approval.

const Action = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
const MpaTeamArn = "arn:aws:mpa:us-east-1:111122223333:approval-team/ops-1";
const credentials = { accessKeyId: "111122223333", secretAccessKey: "secret" };
const { PaymentCryptographyClient, GetMpaTeamAssociationCommand } = ownClient;

describe("on the wire", () => {
  let server: RecordingServer;
  let client: ownClient.PaymentCryptographyClient;
  beforeEach(async () => {
    server = await new RecordingServer().start();
    client = new PaymentCryptographyClient({ region: "us-east-1", endpoint: server.url, credentials });
  });
  afterEach(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  test("a request is JSON with the operation as its target", async () => {
    const input = { Action, MpaTeamArn, RequesterComment: "Please" } as const;
    await client.send(new ownClient.AssociateMpaTeamCommand(input));
    const [{ method, url, headers, body } = { headers: {}, body: "" }] = server.requests;
    expect({ method, url, body: JSON.parse(body) }).toEqual({ method: "POST", url: "/", body: input });
    expect(headers).toMatchObject({
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "PaymentCryptographyControlPlane.AssociateMpaTeam",
      authorization: expect.stringContaining("/us-east-1/payment-cryptography/aws4_request"),
    });
  });

  test("an answer has its dates, an error its name and a message", async () => {
    const MpaStatus = { MpaSessionArn: "arn", Status: "PENDING", InitiationDate: 1_772_366_400.5 };
    const error = { __type: "com.amazonaws.paymentcryptography#ConflictException", Message: "Pending." };
    server.answers = [
      { body: { MpaTeamAssociation: { Action, MpaTeamArn, AssociationState: "UPDATE_PENDING", MpaStatus } } },
      { status: 400, body: error },
    ];
    const get = () => client.send(new GetMpaTeamAssociationCommand({ Action }));
    expect((await get()).MpaTeamAssociation).toEqual({
      ...{ Action, MpaTeamArn, AssociationState: "UPDATE_PENDING" },
      MpaStatus: { ...MpaStatus, InitiationDate: new Date("2026-03-01T12:00:00.500Z") },
    });
    await expect(get()).rejects.toMatchObject({
      name: "ConflictException",
      message: "Pending.",
      $fault: "client",
    });
  });

  test("a comment stays out of the log", async () => {
    const info = jest.fn<void, [unknown]>();
    const logger = { ...console, info, debug: () => {} };
    const logging = new PaymentCryptographyClient({
      ...{ region: "us-east-1", endpoint: server.url, credentials, logger },
    });
    await logging.send(new ownClient.DisassociateMpaTeamCommand({ Action, RequesterComment: "hush" }));
    logging.destroy();
    expect(JSON.stringify(info.mock.calls)).toContain(Action);
    expect(JSON.stringify(info.mock.calls)).not.toContain("hush");
  });
});

describe("the service's endpoints", () => {
  /** Where a call would go; nothing leaves the process. */
  async function hostOf(config: ClientConfig): Promise<string> {
    let hostname = "";
    const client = new PaymentCryptographyClient({
      ...{ credentials, ...config },
      requestHandler: {
        handle: async (request: HttpRequest) => {
          hostname = request.hostname;
          return { response: { statusCode: 200, headers: {}, body: new Uint8Array() } };
        },
      },
    });
    await client.send(new GetMpaTeamAssociationCommand({ Action }));
    client.destroy();
    return hostname;
  }

  // As `@aws-sdk/client-payment-cryptography` has them.
  test.each([
    ["us-east-1", false, false, "controlplane.payment-cryptography.us-east-1.amazonaws.com"],
    ["us-east-1", true, false, "controlplane.payment-cryptography-fips.us-east-1.amazonaws.com"],
    ["us-east-1", false, true, "controlplane.payment-cryptography.us-east-1.api.aws"],
    ["us-east-1", true, true, "controlplane.payment-cryptography-fips.us-east-1.api.aws"],
    ["cn-north-1", false, false, "controlplane.payment-cryptography.cn-north-1.amazonaws.com.cn"],
  ])("in %s, FIPS %s, dual-stack %s", async (region, useFipsEndpoint, useDualstackEndpoint, host) => {
    expect(await hostOf({ region, useFipsEndpoint, useDualstackEndpoint })).toBe(host);
  });

  test.each([
    [{ useFipsEndpoint: true }, "FIPS and custom endpoint are not supported"],
    [{ useDualstackEndpoint: true }, "Dualstack and custom endpoint are not supported"],
  ])("none with %p beside a configured one", async (flags, message) => {
    const config = { region: "us-east-1", endpoint: "http://127.0.0.1:1", ...flags };
    await expect(hostOf(config)).rejects.toThrow(message);
  });
});

describe("@aws-sdk/client-payment-cryptography", () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "payment-cryptography-"));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  const load = (main?: string) => {
    if (main !== undefined) {
      const folder = join(project, "node_modules/@aws-sdk/client-payment-cryptography");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "main.js" }));
      writeFileSync(join(folder, "main.js"), main);
    }
    return loadPaymentCryptography(createRequire(join(project, "index.js")));
  };

  test("is used where it is installed and knows of teams", () => {
    expect(load("exports.AssociateMpaTeamCommand = 'official';")).toEqual({
      AssociateMpaTeamCommand: "official",
    });
  });

  test.each([
    ["is not installed", undefined],
    ["is older", "exports.ImportKeyCommand = 'official';"],
  ])("gives way to our own client where it %s", (_, main) => {
    expect(load(main)).toBe(ownClient);
  });

  test("is an error where it is broken", () => {
    expect(() => load("throw new Error('broken on purpose');")).toThrow("broken on purpose");
  });
});
