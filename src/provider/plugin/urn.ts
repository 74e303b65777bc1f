/** What a URN says of a resource. */
export interface Urn {
  type: string;
  name: string;
  /** See `Request.origin`. The engine does not send the organization. */
  origin: string;
}

/** @param urn `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
export function parseUrn(urn: string): Urn {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  const parents = types.split("$");
  const type = parents.pop() ?? "";
  const place = [project, stack, ...(parents.length > 0 ? [parents.join("$")] : [])].join("/");
  return { type, name: name.join("::"), origin: `${place}::${name.join("::")}` };
}
