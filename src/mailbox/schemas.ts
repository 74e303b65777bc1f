/**
 * Loaded on first use, since importing the package must not load zod. In a file of its own: Pulumi makes the functions that
 * an inline Lambda function uses a part of its text, where a relative path leads nowhere, but requires modules by the name
 * that package.json exports.
 */
export const schemas = () => require("./notificationSchema") as typeof import("./notificationSchema");

/** For events of Multi-party approval. */
export const approvalEventSchema = () =>
  require("./approvalEventSchema") as typeof import("./approvalEventSchema");

/** For a Lambda function that saves what messages tell, which loads the AWS SDK. */
export const lambda = () => require("./lambda") as typeof import("./lambda");
