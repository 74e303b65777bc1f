import type { Caller } from "../caller";
import { AwsError } from "../errors";

export const notFound = (arn: string) =>
  new AwsError("ResourceNotFoundException", 404, `Resource not found: ${arn}`);

export const accessDenied = (caller: Caller, arn: string) =>
  new AwsError("AccessDeniedException", 403, `User: ${caller.arn} is not authorized to access ${arn}`);

export const conflict = (message: string) => new AwsError("ConflictException", 409, message);
