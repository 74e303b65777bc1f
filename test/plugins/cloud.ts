import type { Cloud } from "../../src/testing/standIns/cloud";

/** Where stand-ins work, found as the `aws` provider finds it: the access key of the embedded AWS is an account. */
export const cloudIn = (env: Readonly<Record<string, string | undefined>>): Cloud => ({
  endpoint: env["AWS_ENDPOINT_URL"] ?? "",
  account: env["AWS_ACCESS_KEY_ID"] ?? "",
  region: env["AWS_REGION"] ?? "us-east-1",
});
