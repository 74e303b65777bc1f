import { parse } from "csv-parse/sync";

export interface Customer {
  /** Also the name of the customer's stack. */
  name: string;
  account: string;
  /** The ARN of the policy template that the customer is asked for. */
  template: string;
  /** Tells the people who decide what the request is about. */
  reference: string;
}

/** The stack that all customers share. */
export const INBOX = "inbox";

const COLUMNS: Record<keyof Customer, { pattern: RegExp; must: string }> = {
  name: {
    pattern: new RegExp(`^(?!${INBOX}$)[a-z0-9][a-z0-9-]{0,62}$`),
    must: `be up to 63 lowercase letters, digits and hyphens, and not ${INBOX}`,
  },
  account: { pattern: /^\d{12}$/, must: "be 12 digits; spreadsheets drop zeros at the front" },
  template: {
    pattern: /^arn:[\w-]+:iam::[^:]*:delegation-template\/./,
    must: "be the ARN of a policy template",
  },
  reference: { pattern: /./, must: "not be empty" },
};

interface Line {
  record: Record<keyof Customer, string>;
  info: { lines: number };
}

/**
 * Reads the customers of a CSV file, whose first line names the columns.
 * @throws Error with everything that is wrong, a line each, before anybody is asked
 */
export function readCustomers(csv: string): Customer[] {
  const columns = (names: string[]) => {
    const missing = Object.keys(COLUMNS).filter((name) => !names.includes(name));
    if (missing.length > 0) throw new Error(`line 1: there is no column ${missing.join(", ")}`);
    return names;
  };
  const lines: Line[] = parse(csv, { columns, info: true, bom: true, trim: true, skip_empty_lines: true });
  if (lines.length === 0) throw new Error("there are no customers");
  const lineOf = new Map<string, number>();
  const problems = lines.flatMap(({ record, info: { lines: line } }) => {
    const wrong = Object.entries(COLUMNS)
      .filter(([column, { pattern }]) => !pattern.test(record[column as keyof Customer]))
      .map(([column, { must }]) => `line ${line}: ${column} must ${must}`);
    const first = lineOf.get(record.name);
    if (first !== undefined) return [...wrong, `line ${line}: name is that of line ${first}`];
    lineOf.set(record.name, line);
    return wrong;
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return lines.map(({ record: { name, account, template, reference } }) => ({
    ...{ name, account, template, reference },
  }));
}
