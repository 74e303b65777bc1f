import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "../../src/emulator";
import { CliHarness, CUSTOMER, TABLE } from "../cli/cliHarness";
import { onThePath } from "../onThePath";

const BIN = resolve(__dirname, "../../bin/aws-approvals.js");

// Any tool that knows AWS profiles will do; this is the one that most people have.
const whereInstalled = onThePath("aws", "credential_process and tables with the AWS CLI") ? test : test.skip;

whereInstalled("an AWS profile with our credential_process acts in the customer's account", async () => {
  const cli = await CliHarness.open();
  try {
    const id = await cli.createRequest();
    await cli.grant(id);
    const config = join(cli.home, "config");
    const command = `${process.execPath} ${BIN} credentials --request ${id} --table ${TABLE}`;
    writeFileSync(config, `[profile acme]\ncredential_process = ${command}\n`);
    const env = {
      ...cli.env,
      // Where the AWS CLI finds itself.
      HOME: process.env["HOME"] ?? "",
      AWS_APPROVALS_HOME: cli.cacheFolder,
      AWS_CONFIG_FILE: config,
      AWS_PAGER: "",
    };
    const whoAmI = ["sts", "get-caller-identity", "--profile", "acme", "--output", "json"];
    for (let time = 0; time < 2; time++) {
      const { stdout } = await promisify(execFile)("aws", whoAmI, { env });
      expect(JSON.parse(stdout)).toMatchObject({ Account: CUSTOMER });
    }
    expect(cli.callCount("GetDelegatedAccessToken")).toBe(1);
  } finally {
    await cli.close();
  }
});

whereInstalled(
  "`aws dynamodb` makes a table, writes under a condition, and finds what is there",
  async () => {
    await using emulator = await startEmulator();
    const env = {
      HOME: process.env["HOME"] ?? "",
      PATH: process.env["PATH"],
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: "111122223333",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_PAGER: "",
    };
    const dynamodb = async (...args: string[]) => {
      const command = ["dynamodb", ...args, "--output", "json"];
      const { stdout } = await promisify(execFile)("aws", command, { env });
      return stdout === "" ? {} : JSON.parse(stdout);
    };
    const TableName = "mailbox";
    const schema = {
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    };
    await dynamodb("create-table", "--cli-input-json", JSON.stringify({ TableName, ...schema }));
    await dynamodb("wait", "table-exists", "--table-name", TableName);
    const { Table } = await dynamodb("describe-table", "--table-name", TableName);
    const arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/mailbox";
    expect(Table).toMatchObject({ TableArn: arn, TableStatus: "ACTIVE" });

    const item = JSON.stringify({ pk: { S: "state#1" }, stage: { N: "4" } });
    const put = ["put-item", "--table-name", arn, "--item", item];
    const condition = ["--condition-expression", "attribute_not_exists(pk)"];
    await dynamodb(...put, ...condition);
    await expect(dynamodb(...put, ...condition)).rejects.toThrow("ConditionalCheckFailedException");
    expect(await dynamodb("get-item", "--table-name", arn, "--key", '{"pk":{"S":"state#1"}}')).toEqual({
      Item: JSON.parse(item),
    });
  },
);
