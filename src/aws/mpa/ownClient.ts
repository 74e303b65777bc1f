// The part of `@aws-sdk/client-mpa` that we need, with the same names.
export { MPAClient } from "./client";
export { MPAServiceException } from "./errors";
export * from "./identitySources";
