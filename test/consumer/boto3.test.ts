import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "../../src/emulator";
import { leaveOut } from "../leaveOut";

const CUSTOMER = "444455556666";
const SOURCE = "arn:aws:mpa:us-east-1:111122223333:identity-source/IamIdentityCenter";

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
if (!hasBoto3) leaveOut("the embedded AWS with boto3", "there is no python3 on the PATH that has boto3");

(hasBoto3 ? test : test.skip)(
  "boto3 makes every kind of call to the embedded AWS, and reads the answers",
  async () => {
    await using emulator = await startEmulator({
      identitySourceCreation: { delayMs: 0 },
      identitySourceDeletion: { delayMs: 0 },
    });
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const { stdout } = await promisify(execFile)("python3", [join(__dirname, "boto3Calls.py")], {
      env,
      timeout: 300_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      linkNamesTheRequest: true,
      createdAt: "datetime",
      again: ["EntityAlreadyExistsException", "EntityAlreadyExists"],
      shown: ["ASSIGNED", "Back up <your> buckets & more", CUSTOMER, 3600],
      // The last one once more, with the token.
      news: ["ACCEPTED", "ASSIGNED", "FINALIZED", "FINALIZED"],
      expires: "datetime",
      account: CUSTOMER,
      listed: [
        ["FINALIZED", null],
        ["REJECTED", "not now"],
      ],
      unknown: ["NoSuchEntityException", "NoSuchEntity"],
      source: SOURCE,
      sources: [SOURCE],
      status: "ACTIVE",
      tags: { stage: "test" },
      gone: ["ResourceNotFoundException", "ResourceNotFoundException"],
      policies: ["CreateRestoreAccessVault"],
      notEmulated: ["ClientError", "UnknownOperationException"],
      table: ["ACTIVE", "datetime", [{ Key: "team", Value: "security" }]],
      timeToLive: { TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" },
      older: ["ConditionalCheckFailedException", "ConditionalCheckFailedException"],
      items: [{ pk: { S: "state#1" }, stage: { N: "4" } }],
      scanned: 1,
      transaction: ["ClientError", "UnknownOperationException"],
    });
  },
);
