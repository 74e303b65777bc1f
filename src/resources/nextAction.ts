/** Who has to do what for a resource to go on. */
export interface NextAction {
  /** The state that it is in. */
  state: string;
  /** Who is to act. */
  actor: "the customer" | "the approver" | "you" | "AWS" | "nobody";
  /** What they are to do; empty when nobody is. */
  act: string;
  /** When that lapses, or the access ends, ISO 8601. */
  until: string | null;
  /** Where they do it. Null when there is nothing to do, and when the stack keeps it secret. */
  link: string | null;
}

/** What a stack knows of a resource, without secrets. */
export type KnownOutputs = Readonly<Record<string, unknown>>;

/** An output that is a text. */
export const textOf = (outputs: KnownOutputs, key: string): string | undefined =>
  typeof outputs[key] === "string" ? outputs[key] : undefined;
