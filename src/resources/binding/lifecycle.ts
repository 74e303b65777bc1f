import { call, ReadableError } from "../../../aws/errors";
import { diffProperties } from "../../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import type { ValuesOf } from "../../../provider/properties";
import { waitFor } from "../../../provider/wait";
import { expand, flatten } from "../../../provider/wire";
import { findVault, nameOf, type Vault, Vaults } from "../vaults";
import { vaultApprovalTeam } from "./properties";

type Inputs = ValuesOf<typeof vaultApprovalTeam.inputs>;
type Outputs = ValuesOf<typeof vaultApprovalTeam.outputs>;

/** What a stack keeps of a vault's team: the arguments, and what AWS returned. */
type State = Inputs & Outputs;

/** For messages. */
const TYPE = "VaultApprovalTeam";

/** The lifecycle of a vault's approval team. */
export const vaultApprovalTeamLifecycle: Lifecycle<Inputs, State> = {
  declaration: vaultApprovalTeam,

  diff({ olds, state, inputs }) {
    const { pendingMpaApprovalTeamArn: pending } = state;
    const asked = pending === undefined ? olds : { ...olds, mpaApprovalTeamArn: pending };
    const { replaces, updates } = diffProperties(vaultApprovalTeam.inputs, asked, inputs);
    if (pending === undefined || inputs.mpaApprovalTeamArn !== pending) return { replaces, updates };
    if (inputs.waitFor) updates.push("pendingMpaApprovalTeamArn");
    return { replaces, updates, notes: [`is not asked for again: ${waitingFor(state)}`] };
  },

  async create(request) {
    const { inputs, name, context } = request;
    const resource = `${TYPE} ${name}`;
    const vaults = await Vaults.open(context.aws);
    const vault = await vaults.find(inputs.backupVaultName, resource);
    const id = vault?.BackupVaultArn;
    if (!id)
      throw new ReadableError(
        resource,
        "there is no such backup vault in this account and region. Make it first.",
      );
    const present = vault.MpaApprovalTeamArn;
    if (present !== undefined && present !== inputs.mpaApprovalTeamArn && !inputs.adopt)
      throw new ReadableError(
        resource,
        `the vault has another team already: ${present}. To have its members vote about this one in its place, give adopt: true.`,
      );
    return { id, state: await ensure(vaults, vault, undefined, request) };
  },

  async read(request) {
    const { state } = request;
    const { vault } = await findVault(TYPE, request);
    return vault?.MpaApprovalTeamArn === undefined ? undefined : flattenVault(state, vault);
  },

  async update(request) {
    const { vaults, vault, resource } = await findVault(TYPE, request);
    if (!vault) throw new ReadableError(resource, "the vault is gone. Run pulumi refresh.");
    return ensure(vaults, vault, request.state, request);
  },

  async delete(request) {
    const { id, state, context } = request;
    const { vaults, vault: found, resource } = await findVault(TYPE, request);
    let vault = found;
    const present = vault?.MpaApprovalTeamArn;
    if (!vault || present === undefined) return;
    if (present !== state.mpaApprovalTeamArn && present !== state.pendingMpaApprovalTeamArn) {
      context.log(
        `${resource} is forgotten, and nobody asked: the vault has another team by now, ${present}.`,
      );
      return;
    }
    if (isPending(vault) && isKnownChange(state, vault))
      throw new ReadableError(
        resource,
        `cannot be taken away yet: ${waitingFor(state)} Run destroy again then.`,
      );
    refuseToAskAgain(state, vault, resource);
    if (!isPending(vault)) {
      const { DisassociateBackupVaultMpaApprovalTeamCommand } = vaults.module;
      const command = new DisassociateBackupVaultMpaApprovalTeamCommand({
        BackupVaultName: nameOf(id),
        RequesterComment: state.requesterComment,
      });
      await call("backup:DisassociateBackupVaultMpaApprovalTeam", resource, () =>
        vaults.client.send(command),
      );
      vault = await vaults.find(nameOf(id), resource);
      if (vault?.MpaApprovalTeamArn === undefined) return;
    }
    if (state.deletion === "wait") return waitUntilDecided(vaults, id, { ...request, wanted: undefined });
    throw new ReadableError(
      resource,
      `the vault keeps it until its members have approved: ${waitingFor(flattenVault(state, vault))} Run destroy again then, or give deletion: "wait".`,
    );
  },

  async import(request) {
    const { id } = request;
    const { vault } = await findVault(TYPE, request);
    return vault?.MpaApprovalTeamArn === undefined
      ? undefined
      : flattenVault({ backupVaultName: nameOf(id) }, vault);
  },
};

/** Has the vault get the team, unless it has it or is about to. */
async function ensure(
  vaults: Vaults,
  found: Vault,
  state: State | undefined,
  request: Request & { inputs: Inputs },
): Promise<State> {
  const { inputs, name } = request;
  const { mpaApprovalTeamArn: wanted } = inputs;
  const resource = `${TYPE} ${name}`;
  const id = found.BackupVaultArn ?? "";
  const asked = { ...inputs, pendingMpaApprovalTeamArn: wanted };
  if (state) refuseRepetition(state, found, asked, resource);
  const isMissing = !hasTeam(found, wanted) && !isPending(found);
  if (isMissing) await associate(vaults, inputs, resource);
  let vault = found;
  try {
    if (isMissing) vault = (await vaults.find(inputs.backupVaultName, resource)) ?? vault;
    if (inputs.waitFor && !hasTeam(vault, wanted))
      await waitUntilDecided(vaults, id, { ...request, wanted }, (seen) => {
        vault = seen;
      });
  } catch (error) {
    throw new InitializationError(id, flattenVault(asked, vault), error);
  }
  return flattenVault(asked, vault);
}

/** People are not asked for something else meanwhile, and not again for what they have not approved. */
function refuseRepetition(state: State, vault: Vault, asked: Inputs, resource: string): void {
  const { pendingMpaApprovalTeamArn: pending } = state;
  if (!isKnownChange(state, vault) || pending === undefined) return;
  const { Status, StatusMessage = "no reason given" } = vault.LatestMpaApprovalTeamUpdate ?? {};
  if (Status === "PENDING" && pending !== asked.mpaApprovalTeamArn)
    throw new ReadableError(
      resource,
      `another change is under way: ${waitingFor(state)} Run pulumi refresh and up then.`,
    );
  if (Status === "FAILED") {
    const refusal = new ReadableError(
      resource,
      `the members of the present team have not approved the change (${StatusMessage}). The next up asks them again.`,
    );
    throw new InitializationError(state.backupVaultArn, flattenVault({ ...state, ...asked }, vault), refusal);
  }
}

/** Members who have said no since the state was recorded are not asked again by a destroy that runs again. */
function refuseToAskAgain(
  state: State,
  { LatestMpaApprovalTeamUpdate: latest }: Vault,
  resource: string,
): void {
  if (
    latest?.Status !== "FAILED" ||
    latest.MpaSessionArn === state.latestMpaApprovalTeamUpdate?.mpaSessionArn
  )
    return;
  throw new ReadableError(
    resource,
    `the vault keeps it: its members have not approved (${latest.StatusMessage ?? "no reason given"}). ` +
      "To ask them again, run pulumi refresh and then destroy.",
  );
}

async function associate(vaults: Vaults, inputs: Inputs, resource: string): Promise<void> {
  const { AssociateBackupVaultMpaApprovalTeamCommand } = vaults.module;
  const command = new AssociateBackupVaultMpaApprovalTeamCommand(expand(vaultApprovalTeam.inputs, inputs));
  await call("backup:AssociateBackupVaultMpaApprovalTeam", resource, () => vaults.client.send(command));
}

const hasTeam = (vault: Vault, arn: string): boolean => vault.MpaApprovalTeamArn === arn;

const isPending = ({ LatestMpaApprovalTeamUpdate: update }: Vault): boolean => update?.Status === "PENDING";

/** Whether the latest vote is about the change to another team that the stack has asked for. */
const isKnownChange = (state: State, vault: Vault): boolean =>
  state.pendingMpaApprovalTeamArn !== undefined &&
  state.latestMpaApprovalTeamUpdate?.mpaSessionArn === vault.LatestMpaApprovalTeamUpdate?.MpaSessionArn;

const waitingFor = ({
  latestMpaApprovalTeamUpdate: { mpaSessionArn, expiryDate } = {},
}: Partial<State>): string =>
  `the members of the present team vote in session ${mpaSessionArn}, until ${expiryDate} at the latest.`;

/** Waits until the vault has the wanted team, or none. */
async function waitUntilDecided(
  vaults: Vaults,
  id: string,
  { name, timeouts, context, wanted }: Request & { wanted: string | undefined },
  onFound: (vault: Vault) => void = () => undefined,
): Promise<void> {
  const resource = `${TYPE} ${name} (${id})`;
  await waitFor(
    {
      resource,
      pending: ["PENDING"],
      target: ["APPROVED"],
      timeout: wanted === undefined ? timeouts.delete : timeouts.create,
      remedy: `Run again, which goes on waiting, or give it longer with timeouts.${wanted === undefined ? "delete" : "create"}.`,
      observe: async () => {
        const vault = await vaults.find(nameOf(id), resource);
        if (!vault) return { status: wanted === undefined ? "APPROVED" : "gone" };
        onFound(vault);
        if (vault.MpaApprovalTeamArn === wanted) return { status: "APPROVED" };
        const { Status = "", StatusMessage, MpaSessionArn } = vault.LatestMpaApprovalTeamUpdate ?? {};
        // Approved, and not carried out yet.
        const status = Status === "APPROVED" ? "PENDING" : Status;
        return { status, detail: [StatusMessage, MpaSessionArn].filter(Boolean).join(", ") };
      },
    },
    context,
  );
}

/** The state with what AWS tells now. A pending team is one until the vote has ended. */
function flattenVault(state: Partial<State> & Pick<State, "backupVaultName">, vault: Vault): State {
  const { backupVaultArn: arn, latestMpaApprovalTeamUpdate: update } = vaultApprovalTeam.outputs;
  const found = flatten({ backupVaultArn: arn, latestMpaApprovalTeamUpdate: update }, vault);
  const present = vault.MpaApprovalTeamArn ?? state.mpaApprovalTeamArn ?? "";
  const { pendingMpaApprovalTeamArn: pending } = state;
  return {
    ...state,
    backupVaultArn: found.backupVaultArn ?? state.backupVaultArn ?? "",
    mpaApprovalTeamArn: present,
    pendingMpaApprovalTeamArn: isPending(vault) && pending !== present ? pending : undefined,
    latestMpaApprovalTeamUpdate: found.latestMpaApprovalTeamUpdate,
  };
}
