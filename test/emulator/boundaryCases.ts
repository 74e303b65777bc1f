/**
 * Boundary cases of an operation: for each member of its input, the inputs on both sides of every bound that AWS's model
 * sets, with the expected answer. Each case changes one member of a valid example.
 */
import {
  type Input,
  isList,
  isObject,
  type Member,
  type OperationModel,
  type Shape,
  type StructureShape,
  type Value,
} from "./apiModel";
import {
  boundaryValues,
  lengthOf,
  type SampleValue,
  shortestAndLongest,
  type TextOfLength,
} from "./boundaryValues";

/** Success, AWS's validation error for a violated constraint, or another error. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "out of bounds"; readonly message: string; readonly secret?: string }
  | { readonly kind: "refused"; readonly code: string };

export interface BoundaryCase {
  readonly name: string;
  change(example: Input): Input;
  readonly verdict: Verdict;
}

/** An operation accepts fewer values of a member than the model's bounds allow. */
export interface Restriction {
  readonly why: string;
  /** The error for a value that is within the model's bounds only. */
  readonly code: string;
  /** Makes a value that is accepted; undefined when none is. */
  readonly valid?: TextOfLength;
  /** The member is required, although the model says optional. */
  readonly required?: true;
  /** The example has another member of the union that it belongs to. */
  readonly absent?: true;
}

export function boundaryCases(
  operation: OperationModel,
  restrictions: Readonly<Record<string, Restriction>>,
): BoundaryCase[] {
  const all = memberPaths(operation.input);
  const absent = Object.keys(restrictions).filter((path) => restrictions[path]?.absent);
  const paths = all.filter(({ path }) => !absent.some((one) => path === one || path.startsWith(`${one}.`)));
  for (const path of Object.keys(restrictions)) {
    if (!all.some((member) => member.path === path)) throw new Error(`${operation.name} has no ${path}`);
  }
  return paths.flatMap((member) => [
    ...absenceCases(member, restrictions[member.path]),
    ...valueCases(member, restrictions[member.path]),
    ...typeCases(member, operation),
  ]);
}

function absenceCases(member: MemberPath, restriction: Restriction | undefined): BoundaryCase[] {
  // A path without its label is another path.
  if (["element", "key"].includes(member.presence) || member.location === "uri") return [];
  if (member.presence === "required") {
    return [caseOf(member, "absent", undefined, outOfBounds(member, "Member must not be null"))];
  }
  return [
    caseOf(
      member,
      "absent",
      undefined,
      restriction?.required ? { kind: "refused", code: restriction.code } : { kind: "accepted" },
    ),
  ];
}

function valueCases(member: MemberPath, restriction: Restriction | undefined): BoundaryCase[] {
  const { shape } = member;
  const withinBounds: Verdict =
    restriction && shape.type === "string"
      ? { kind: "refused", code: restriction.code }
      : { kind: "accepted" };
  const cases = boundaryValues(shape, member.location).map(({ label, value, constraint }) => {
    if (constraint === undefined) return caseOf(member, label, value, withinBounds);
    const secret = shape.sensitive && typeof value === "string" && value.length > 8 ? value : undefined;
    return caseOf(member, label, value, outOfBounds(member, constraint, secret));
  });
  if (restriction?.valid === undefined || shape.type !== "string") return cases;
  const valid = shortestAndLongest(shape, restriction.valid).map((value) =>
    caseOf(member, `${lengthOf(value)} long, as it must be`, value, { kind: "accepted" }),
  );
  return [...cases, ...valid];
}

/** Values that cannot be parsed as the shape's type. */
function typeCases(member: MemberPath, { protocol }: OperationModel): BoundaryCase[] {
  const { type } = member.shape;
  const inText = protocol === "query" || member.location !== undefined;
  const code = protocol === "query" ? "MalformedInput" : "SerializationException";
  const wrong = inText ? WRONG_TEXT[type] : member.presence === "key" ? undefined : WRONG_JSON[type];
  return (wrong ?? []).map((value) =>
    caseOf(member, `${JSON.stringify(value)} is no ${type}`, value, { kind: "refused", code }),
  );
}

const WRONG_TEXT: Readonly<Record<string, Value[]>> = {
  integer: ["soon", "1.5", "1e3"],
  boolean: ["maybe"],
};
const WRONG_JSON: Readonly<Record<string, Value[]>> = {
  string: [7, true, {}],
  integer: ["7", 1.5, true],
  boolean: ["true", 1],
  list: [{}, "text"],
  map: [[], "text"],
  structure: [[], "text"],
};

const outOfBounds = ({ wirePath }: MemberPath, constraint: string, secret?: string): Verdict => ({
  kind: "out of bounds",
  message: `at '${wirePath}' failed to satisfy constraint: ${constraint}`,
  ...(secret !== undefined && { secret }),
});

function caseOf(
  member: MemberPath,
  label: string,
  value: SampleValue | undefined,
  verdict: Verdict,
): BoundaryCase {
  return {
    name: `${member.path}: ${label}`,
    verdict,
    change(example) {
      const input = member.edit(example, (current) =>
        typeof value === "function" ? value(present(current, member.path)) : value,
      );
      if (!isObject(input)) throw new Error("The input itself cannot be left out");
      return input;
    },
  };
}

function present<T>(value: T | undefined, path: string): T {
  if (value === undefined) throw new Error(`The example has no ${path}`);
  return value;
}

/** A member of the input, at any depth; also an item of a list, and a key or value of a map. */
interface MemberPath {
  readonly path: string;
  /** As AWS's messages name it. */
  readonly wirePath: string;
  readonly shape: Shape;
  readonly location: Member["location"];
  readonly presence: "required" | "optional" | "element" | "key";
  /** The example with another value at this path. */
  edit(example: Value, change: Change): Value | undefined;
}

/** Makes the new value; undefined leaves the member out. */
type Change = (current: Value | undefined) => Value | undefined;

/** Every member of a structure, outermost first. */
function memberPaths(input: StructureShape): MemberPath[] {
  return membersOf(input, "", "", (example, change) => change(example));
}

function membersOf(
  { members, required }: StructureShape,
  path: string,
  wirePath: string,
  editParent: MemberPath["edit"],
): MemberPath[] {
  return [...members].flatMap(([name, { shape, location }]) =>
    withNested({
      path: path === "" ? name : `${path}.${name}`,
      wirePath: `${wirePath === "" ? "" : `${wirePath}.`}${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      shape,
      location,
      presence: required.includes(name) ? "required" : "optional",
      edit: (example, change) =>
        editParent(example, (parent) => {
          if (!isObject(parent)) throw new Error(`The example has no ${path}`);
          const { [name]: value, ...others } = parent;
          const next = change(value);
          return next === undefined ? others : { ...others, [name]: next };
        }),
    }),
  );
}

function withNested(member: MemberPath): MemberPath[] {
  const { shape, path, wirePath } = member;
  switch (shape.type) {
    case "structure":
      return [member, ...membersOf(shape, path, wirePath, member.edit)];
    case "list":
      return [member, ...withNested(itemOf(member, shape.member))];
    case "map":
      return [
        member,
        ...withNested(mapPart(member, "key", shape.key)),
        ...withNested(mapPart(member, "value", shape.value)),
      ];
    default:
      return [member];
  }
}

const itemOf = ({ path, wirePath, location, edit }: MemberPath, shape: Shape): MemberPath => ({
  path: `${path}[]`,
  wirePath: `${wirePath}.1.member`,
  shape,
  location,
  presence: "element",
  edit: (example, change) =>
    edit(example, (list) => {
      const item = present(isList(list) ? list[0] : undefined, `${path}[]`);
      return [present(change(item), `${path}[]`)];
    }),
});

const mapPart = (
  { path, wirePath, location, edit }: MemberPath,
  part: "key" | "value",
  shape: Shape,
): MemberPath => ({
  path: `${path} ${part}`,
  wirePath: `${wirePath}.${part}`,
  shape,
  location,
  presence: part === "key" ? "key" : "element",
  edit: (example, change) =>
    edit(example, (map) => {
      const entries = isObject(map) ? Object.entries(map) : [];
      const [key, value] = present(entries[0], `${path} ${part}`);
      return part === "key"
        ? { [String(change(key))]: value }
        : { [key]: present(change(value), `${path} ${part}`) };
    }),
});
