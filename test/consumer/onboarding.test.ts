import { customerAccount, customerName, isRejecting, onboardMany } from "../e2e/onboardMany";

const CUSTOMERS = 10;
const names = Array.from({ length: CUSTOMERS }, (_, i) => customerName(i));
const byName = (of: (i: number) => string) => Object.fromEntries(names.map((name, i) => [name, of(i)]));

test("everybody learns of every customer, whoever drains the inbox and whenever they are killed", async () => {
  const { figures, ...onboarded } = await onboardMany(CUSTOMERS);
  expect(onboarded).toEqual({
    outcomes: byName((i) => (isRejecting(i) ? "rejected" : "granted")),
    one: expect.objectContaining({ name: customerName(0), outcome: "granted", hasToken: true }),
    account: customerAccount(2),
    states: byName((i) => (isRejecting(i) ? "REJECTED" : "FINALIZED")),
    tokens: names.filter((_, i) => !isRejecting(i)).sort(),
    left: 0,
  });
  expect(figures).toMatchObject({ customers: CUSTOMERS, kills: 13 });
});
