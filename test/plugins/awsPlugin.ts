import { randomBytes } from "node:crypto";
import { pulumi } from "@pulumi/aws/package.json";
import { awsStandIns } from "../../src/testing/standIns";
import { cloudIn } from "./cloud";
import { serve } from "./serve";

serve(pulumi.version, ({ accessKey, region }) => {
  const { env } = process;
  const cloud = cloudIn({
    ...env,
    AWS_ACCESS_KEY_ID: accessKey ?? env["AWS_ACCESS_KEY_ID"],
    AWS_REGION: region ?? env["AWS_REGION"],
  });
  // There is a process for each operation, so nothing that it counts would last.
  return awsStandIns(cloud, (_, digits) => randomBytes(digits).toString("hex").slice(0, digits));
});
