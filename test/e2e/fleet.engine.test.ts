import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { customerAccount, customerName, Fleet } from "./fleet";

const CUSTOMERS = 10;
const names = Array.from({ length: CUSTOMERS }, (_, i) => customerName(i));

let fleet: Fleet;
beforeEach(async () => {
  fleet = await Fleet.open();
});
afterEach(() => fleet.close());

test("a fleet that is killed half-way goes on, and asks nobody twice", async () => {
  await fleet.writeCustomers(CUSTOMERS);
  const killed = fleet.start("--concurrency", "3");
  let asked = 0;
  fleet.onCall = ({ operation, phase }) => {
    if (operation === "CreateDelegationRequest" && phase === "after-effect" && ++asked === CUSTOMERS / 2) {
      killed.child.kill("SIGKILL");
    }
  };
  expect((await killed.ended).signal).toBe("SIGKILL");
  expect(fleet.requestsMade()).toBeLessThan(CUSTOMERS);

  const { customers } = await fleet.run("--concurrency", "3");
  expect(customers.map(({ name }) => name)).toEqual(names);
  expect(customers.map(({ error }) => error)).toEqual(names.map(() => undefined));
  expect(fleet.requestsMade()).toBe(CUSTOMERS);
  const now = customers.filter(({ asked }) => asked).length;
  expect(now).toBeGreaterThan(0);
  expect(now).toBeLessThanOrEqual(CUSTOMERS / 2);
  for (const [i, { account, link = "" }] of customers.entries()) {
    expect(account).toBe(customerAccount(i));
    expect((await fetch(link)).status).toBe(200);
  }

  await fleet.emulator.customer(customerAccount(0)).approve(customers[0]?.requestId ?? "");
  await fleet.emulator.customer(customerAccount(1)).reject(customers[1]?.requestId ?? "", "Not now");
  const { code, stdout } = await fleet.start("--concurrency", "3", "--refresh").ended;
  expect(code).toBe(0);
  for (const [name, state] of [
    [customerName(0), "FINALIZED"],
    [customerName(1), "REJECTED"],
    [customerName(2), "UNASSIGNED"],
  ]) {
    expect(stdout).toMatch(new RegExp(`│ '${name}' +│ '\\d{12}' │ '${state}' +│ 'before' │`));
  }
  expect(stdout).toMatch(/0 asked now, 10 before, 0 failed, in \d+ s/);
  expect(fleet.requestsMade()).toBe(CUSTOMERS);
});

test("without an inbox nobody is asked; one customer's failure stops no other", async () => {
  await fleet.writeCustomers(2);
  const breakStack = (name: string) => writeFile(join(fleet.folder, `Pulumi.${name}.yaml`), "config: [");
  await breakStack("inbox");
  const none = await fleet.start("--json").ended;
  expect(none).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("invalid YAML") });
  expect(fleet.requestsMade()).toBe(0);

  await rm(join(fleet.folder, "Pulumi.inbox.yaml"));
  await breakStack(customerName(0));
  const one = await fleet.start("--json").ended;
  expect(one.code).toBe(1);
  expect(JSON.parse(one.stdout).customers).toEqual([
    { name: customerName(0), account: customerAccount(0), error: expect.stringContaining("invalid YAML") },
    expect.objectContaining({ name: customerName(1), asked: true }),
  ]);
  expect(fleet.requestsMade()).toBe(1);
});
