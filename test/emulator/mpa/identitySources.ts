/** Identity sources for tests to work on: an account has one, so each needs its own account. */
import { type Harness, INSTANCE_ARN, type MpaResponse, sourcePath } from "../harness";
import { createTeam } from "./approvalTeams";

let accounts = 0;
export const freshAccount = (): string => `8000${String(++accounts).padStart(8, "0")}`;

export const PARAMETERS = { IamIdentityCenter: { InstanceArn: INSTANCE_ARN, Region: "eu-central-1" } };

export const create = ({ mpa }: Harness, account: string, more: object = {}) =>
  mpa(account, "POST", "/identity-sources", { IdentitySourceParameters: PARAMETERS, ...more });

export const get = ({ mpa }: Harness, account: string) => mpa(account, "GET", sourcePath(account));
export const remove = ({ mpa }: Harness, account: string) => mpa(account, "DELETE", sourcePath(account));

/** An account that has an identity source. */
export async function created(harness: Harness, more: object = {}): Promise<string> {
  const account = freshAccount();
  const { status } = await create(harness, account, more);
  expect(status).toBe(200);
  return account;
}

/** Has a team use the account's source. */
export async function use(harness: Harness, account: string): Promise<void> {
  const { status } = await createTeam(harness, account);
  expect(status).toBe(200);
}

export const expectError = (answer: MpaResponse, status: number, type: string): void => {
  expect({ status: answer.status, type: answer.headers["x-amzn-errortype"] }).toEqual({ status, type });
  expect(answer.body).toEqual({ __type: type, Message: expect.stringMatching(/\S/) });
};

/** So many tags. */
export const tagsOf = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "v"]));
