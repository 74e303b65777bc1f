import { resolve } from "node:path";

/** The built command. */
export const BIN = resolve(__dirname, "../../bin/aws-approvals.js");
