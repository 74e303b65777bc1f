import { validationError } from "../errors";
import type { Output } from "../protocols/protocol";
import { document, isValid, problemsOf, type Shape, type StructureShape, type ValueOf } from "../shapes";
import { isOutput } from "./tables";

type Read = (shape: Shape) => unknown;

/** The whole input, unchecked. */
export function readAll(read: Read): Output {
  const value = read(document);
  return isOutput(value) ? value : {};
}

/** The members of a shape, checked. */
export function readMembers<S extends StructureShape>(shape: S, read: Read): ValueOf<S> {
  const value = read(shape);
  if (!isValid(shape, value)) throw validationError(problemsOf(shape, value));
  return value;
}
