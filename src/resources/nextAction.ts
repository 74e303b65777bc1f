/** The next step of a resource, and who has to take it. */
export interface NextAction {
  /** The resource's current state. */
  state: string;
  actor: "the customer" | "the approver" | "you" | "AWS" | "nobody";
  /** What the actor has to do; empty when there is nothing to do. */
  action: string;
  /** The deadline for it, or the end of the access, ISO 8601. */
  until: string | null;
  /** Where to do it. Null when there is nothing to do, or no link to show. */
  link: string | null;
  /** Why there is none although somebody is to open it: it is a secret of the stack, or the stack does not have it. */
  noLink?: "secret" | "missing";
}

/** The outputs of a resource in a stack, without secrets. */
export type VisibleOutputs = Readonly<Record<string, unknown>>;

/** An output, if it is a string. */
export const stringOutput = (outputs: VisibleOutputs, key: string): string | undefined =>
  typeof outputs[key] === "string" ? outputs[key] : undefined;
