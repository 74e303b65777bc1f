/** Whether the arguments of `mpa.approver` name a person, and in one way. */
export const namesOne = ({ userName, email }: { userName?: unknown; email?: unknown }): boolean =>
  (userName === undefined) !== (email === undefined);

export const NAMES_ONE = "specify either userName or email.";
