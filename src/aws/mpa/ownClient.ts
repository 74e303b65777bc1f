// The part of `@aws-sdk/client-mpa` that we need, with the same names.

export * from "./approvalTeams";
export { MPAClient, MPAServiceException } from "./client";
export * from "./identitySources";
export * from "./policies";
export * from "./sessions";
export * from "./tags";
