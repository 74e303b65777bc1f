import { AwsError, validationError } from "../errors";
import { isDeeper } from "../protocols/json";
import type { Output } from "../protocols/protocol";
import { document, isValid, problemsOf, type Shape, type StructureShape, type ValueOf } from "../shapes";
import { isOutput } from "./tables";

/** An item has 32 levels at most, and its values two more for each: the name of the type, and the value. */
const MAX_DEPTH = 100;

type Read = (shape: Shape) => unknown;

/** The whole input, unchecked. */
export function readAll(read: Read): Output {
  const value = read(document);
  if (isDeeper(value, MAX_DEPTH)) {
    throw new AwsError("ValidationException", 400, "Nesting Levels have exceeded supported limits");
  }
  return isOutput(value) ? value : {};
}

/** The members of a shape, checked. */
export function readMembers<S extends StructureShape>(shape: S, read: Read): ValueOf<S> {
  const value = read(shape);
  if (!isValid(shape, value)) throw validationError(problemsOf(shape, value));
  return value;
}
