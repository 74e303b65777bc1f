import { inbox } from "../resources/iam/delegationRequest/properties";

/** The flags of `aws-approvals credentials`: for its options and its help, and for the answer that is kept. */
export const FLAGS = {
  request: "--request <name|id>",
  stack: "--stack <name>",
  cwd: "--cwd <folder>",
  stateFile: "--state-file <file>",
  table: "--table <arn>",
  profile: "--profile <name>",
  region: "--region <region>",
  format: "--format <format>",
  json: "--json",
} as const;

export const isTableArn = (text: string): boolean => inbox.tableArn.pattern.test(text);
