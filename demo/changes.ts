/** What an engine did to one resource, or in a preview would do. */
export interface Change {
  /** As Pulumi calls it: `create`, `replace`, … */
  op: string;
  type: string;
  name: string;
  /** The properties that make it a replacement. */
  replaceKeys: readonly string[];
}

const SIGNS: Readonly<Record<string, string>> = { create: "+ ", update: "~ ", replace: "+-", delete: "- " };
/** More resources of `@pulumi/aws` than this in a row are counted rather than listed. */
const LISTED = 2;

/** The lines for what changed: our resources one by one, and AWS's together where there are many in a row. */
export function changeLines(changes: readonly Change[]): string[] {
  const shown = changes.filter(({ op, type }) => SIGNS[op] !== undefined && !isScaffolding(type));
  return runs(shown).flatMap((run) =>
    run.length > LISTED && run.every(isOfAws) ? [countLine(run)] : run.map(changeLine),
  );
}

/** The stack, providers and components: what they stand for is in the list without them. */
const isScaffolding = (type: string): boolean => /^(pulumi|aws-approvals:access):/.test(type);
const isOfAws = ({ type }: Change): boolean => type.startsWith("aws:");

/** Splits where the operation changes, or what is AWS's begins or ends. */
function runs(changes: readonly Change[]): Change[][] {
  const found: Change[][] = [];
  for (const change of changes) {
    const run = found.at(-1);
    const [first] = run ?? [];
    if (run && first?.op === change.op && isOfAws(first) === isOfAws(change)) run.push(change);
    else found.push([change]);
  }
  return found;
}

function changeLine({ op, type, name, replaceKeys }: Change): string {
  const reason = replaceKeys.length === 0 ? "" : `  (replaced for ${replaceKeys.join(", ")})`;
  return `${SIGNS[op]} ${shortType(type)} ${name}${reason}`;
}

function countLine(run: readonly Change[]): string {
  const counts = new Map<string, number>();
  for (const { type } of run) {
    const kind = type.slice(type.lastIndexOf(":") + 1);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].sort().map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`));
  return `${SIGNS[run[0]?.op ?? ""]} ${run.length} of @pulumi/aws: ${kinds.join(", ")}`;
}

/** Without what every dynamic resource of ours begins with, and with AWS's module once. */
const shortType = (type: string): string =>
  type.replace("pulumi-nodejs:dynamic/aws-approvals/", "").replace(/^(aws:\w+)\/\w+:/, "$1:");
