/** The places of an operation's input, and how to change what an example has there. */
import { isList, isObject, type Member, type Shape, type StructureShape, type Value } from "./model";

/** What to put in the place of a value; undefined is no value. */
type Change = (value: Value | undefined) => Value | undefined;

/** A place in the input, by member names, and how to change what is there. */
export interface Place {
  readonly path: string;
  /** As AWS's messages name it. */
  readonly wire: string;
  readonly shape: Shape;
  readonly location: Member["location"];
  readonly presence: "required" | "optional" | "element" | "key";
  edit(change: Change): (example: Value) => Value | undefined;
}

/** Stands for an example's own first item. */
export const ITEM: Value = null;

/** Every place in a structure, outermost first. */
export function placesIn(input: StructureShape): Place[] {
  return membersOf(input, "", "", (change) => change);
}

function membersOf(shape: StructureShape, path: string, wire: string, outer: Place["edit"]): Place[] {
  return [...shape.members].flatMap(([name, { shape: member, location }]) =>
    within({
      path: path === "" ? name : `${path}.${name}`,
      wire: `${wire === "" ? "" : `${wire}.`}${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      shape: member,
      location,
      presence: shape.required.includes(name) ? "required" : "optional",
      edit: (change) =>
        outer((parent) => {
          if (!isObject(parent)) throw new Error(`The example has no ${path}`);
          const { [name]: value, ...others } = parent;
          const next = refill(change(value), value);
          return next === undefined ? others : { ...others, [name]: next };
        }),
    }),
  );
}

function refill(next: Value | undefined, former: Value | undefined): Value | undefined {
  if (!isList(next) || !next.includes(ITEM)) return next;
  const item = isList(former) ? former[0] : undefined;
  if (item === undefined) throw new Error("The example has no item for this list");
  return next.map(() => item);
}

function within(place: Place): Place[] {
  const { shape, path, wire, location } = place;
  if (shape.type === "structure") return [place, ...membersOf(shape, path, wire, place.edit)];
  if (shape.type === "list") {
    const item: Place = {
      path: `${path}[]`,
      wire: `${wire}.1.member`,
      shape: shape.member,
      location,
      presence: "element",
      edit: (change) =>
        place.edit((list) => {
          if (!isList(list) || list.length === 0) throw new Error(`The example has no item in ${path}`);
          return [change(list[0]) ?? ITEM];
        }),
    };
    return [place, ...within(item)];
  }
  if (shape.type === "map") {
    const entry = (presence: "key" | "element", part: "key" | "value", of: Shape): Place => ({
      path: `${path} ${part}`,
      wire: `${wire}.${part}`,
      shape: of,
      location,
      presence,
      edit: (change) =>
        place.edit((map) => {
          const [key, value] = (isObject(map) ? Object.entries(map)[0] : undefined) ?? [];
          if (key === undefined || value === undefined)
            throw new Error(`The example has no entry in ${path}`);
          return part === "key" ? { [String(change(key))]: value } : { [key]: change(value) ?? ITEM };
        }),
    });
    return [
      place,
      ...within(entry("key", "key", shape.key)),
      ...within(entry("element", "value", shape.value)),
    ];
  }
  return [place];
}
