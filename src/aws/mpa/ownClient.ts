// What we have of `@aws-sdk/client-mpa`, under its names.
export { MPAClient } from "./client";
export { MPAServiceException } from "./errors";
export * from "./identitySources";
