/**
 * A sentence of a review, in Markdown's notation for code: values stand between backticks, and hold none. What shows it
 * elsewhere leaves the backticks out.
 */
export type Sentence = string;

/** Somebody whom the deployment asks for something. */
export type Asked = {
  /** False when it depends on what only the deployment finds out; the entry says on what. */
  isCertain: boolean;
} & (
  | {
      /** A customer decides about access to their account. */
      who: "customer";
      /** Undefined when the preview does not show it. */
      account: string | undefined;
    }
  | {
      /** Whoever has the link may claim the request. */
      who: "anyone";
    }
  | {
      /** The members of a team vote. */
      who: "members";
      /** The team's ARN, or the name of one that is to be taken over; undefined when the preview does not show it. */
      team?: string | undefined;
      teamName?: string | undefined;
      /** What the team protects, where no more is known of it: `the vault`, and its ARN or name. */
      of?: string;
      subject?: string | undefined;
    }
  | {
      /** People are invited to be members of a team. */
      who: "invited";
      /** Ids of users in the identity store; undefined when the preview does not show them. */
      people: string[] | undefined;
    }
);

/** More about an entry. Long values are folded where that is possible. */
export interface Detail {
  text: Sentence;
  folded?: string;
}

/** What a review has to say about one resource. */
export interface Entry {
  urn: string;
  /** The resource's name in the program, and its class. */
  name: string;
  kind: string;
  text: Sentence;
  details: Detail[];
  asks: Asked[];
}

export const RULES = {
  renewal:
    "a customer is or may be asked again because of the state of their request (renewWhen), not because of a change in the program",
  "session-longer-than": "access lasts longer than the given number of hours, or its duration is not known",
  "missing-owner": "a request names no account, so anyone who has its link can claim it",
  "threshold-lowered": "fewer members of a team must approve than before, or the number is not known",
  "unprotected-replacement": "a team is replaced that the option protect would have kept",
  adoption: "an existing resource is adopted or imported",
} as const;

export type RuleName = keyof typeof RULES;

/** A rule that the change goes against. */
export interface Finding {
  rule: RuleName;
  urn: string;
  name: string;
  message: Sentence;
}

/** Who is asked for what by a deployment, and what else becomes of approvals. Sections are in the order of URNs. */
export interface Review {
  /** `project/stack` */
  stack: string | undefined;
  /** The errors that the preview has ended with: then the review is of a part of the change. */
  errors: string[];
  /** Who is asked for access. */
  access: Entry[];
  /** Who votes from now on, and who votes about that. */
  votes: Entry[];
  /** What expires soon unless people act on it. */
  expiring: Entry[];
  /** What is destroyed and cannot be brought back. */
  destroyed: Entry[];
  /** Changes of our resources that are in none of the sections. */
  quiet: Entry[];
  /** The number of other resources that are changed, by operation. */
  others: Record<string, number>;
  findings: Finding[];
}
