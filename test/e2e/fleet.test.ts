import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readCustomers } from "../../examples/fleet/customers";

const HEAD = "name,account,template,reference";
const TEMPLATE = "arn:aws:iam:::delegation-template/example/backup";
const csv = (...lines: string[]) => [HEAD, ...lines, ""].join("\n");

test("the fleet's example file has ten customers", () => {
  const customers = readCustomers(
    readFileSync(resolve(__dirname, "../../examples/fleet/customers.csv"), "utf8"),
  );
  expect(customers).toHaveLength(10);
  expect(customers[0]).toEqual({
    ...{ name: "acme", account: "222222222222", template: TEMPLATE },
    reference: "Workspace acme, ticket 4711",
  });
});

test("columns in another order, more of them, a byte order mark and what a spreadsheet adds are read", () => {
  const text = `\uFEFFaccount,name,notes,template,reference\r\n 222222222222 ,acme,"a ""quoted"" note",${TEMPLATE},T-1\r\n\r\n`;
  expect(readCustomers(text)).toEqual([
    { name: "acme", account: "222222222222", template: TEMPLATE, reference: "T-1" },
  ]);
});

test("all that is wrong is said at once, with its line and without its value", () => {
  const text = csv(
    `acme,222222222222,${TEMPLATE},T-1`,
    `globex,22222222222,${TEMPLATE},T-2`,
    "",
    `acme,333333333333,${TEMPLATE},T-3`,
    `inbox,444444444444,backup,`,
  );
  expect(() => readCustomers(text)).toThrow(
    [
      "line 3: account must be 12 digits; spreadsheets drop zeros at the front",
      "line 5: name is that of line 2",
      "line 6: name must be up to 63 lowercase letters, digits and hyphens, and not inbox",
      "line 6: template must be the ARN of a policy template",
      "line 6: reference must not be empty",
    ].join("\n"),
  );
});

test("a file without a column, or without customers, is refused", () => {
  expect(() => readCustomers("name,account\nacme,222222222222\n")).toThrow(
    "line 1: there is no column template, reference",
  );
  expect(() => readCustomers(csv())).toThrow("there are no customers");
});
