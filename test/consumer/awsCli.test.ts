import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CliHarness, CUSTOMER } from "../cli/cliHarness";
import { onThePath } from "../onThePath";

const BIN = resolve(__dirname, "../../bin/aws-approvals.js");

// Any tool that knows AWS profiles will do; this is the one that most people have.
const whereInstalled = onThePath("aws", "credential_process with the AWS CLI") ? test : test.skip;

whereInstalled("an AWS profile with our credential_process acts in the customer's account", async () => {
  const cli = await CliHarness.open();
  try {
    const id = await cli.createRequest();
    await cli.grant(id);
    const config = join(cli.home, "config");
    const command = `${process.execPath} ${BIN} credentials --request ${id} --queue-url ${cli.queueUrl}`;
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
