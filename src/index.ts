/**
 * Ask people for permission from a Pulumi program: AWS IAM temporary delegation (`iam`, `sts`) and Multi-party
 * approval (`mpa`).
 */
export * as iam from "./iam";
export * as mpa from "./mpa";
export * as sts from "./sts";
