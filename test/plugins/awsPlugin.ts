import { randomBytes } from "node:crypto";
import { pulumi } from "@pulumi/aws/package.json";
import { awsStandIns } from "../../src/testing/standIns";
import { cloudOfProvider } from "../../src/testing/standIns/provider";
import { cloudIn } from "./cloud";
import { serve } from "./serve";

serve(pulumi.version, async (config) => {
  const { env } = process;
  const cloud = await cloudOfProvider(cloudIn(env), config, { cwd: process.cwd(), env });
  // There is a process for each operation, so nothing that it counts would last.
  return awsStandIns(cloud, (_, digits) => randomBytes(digits).toString("hex").slice(0, digits));
});
