import { call, hasCode, ReadableError } from "../../../aws/errors";
import type { ValuesOf } from "../../../declaration/properties";
import { expand, flatten } from "../../../declaration/wire";
import { CREATE_ATTEMPTS, derivedToken, findCreated } from "../../../provider/creation";
import { diffProperties } from "../../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import { reasonOf } from "../../../provider/reason";
import { waitFor } from "../../../provider/wait";
import { findVault, nameOf, type Vault, Vaults } from "../vaults";
import { restoreAccessVault } from "./properties";

type Inputs = ValuesOf<typeof restoreAccessVault.inputs>;
type Outputs = ValuesOf<typeof restoreAccessVault.outputs>;

/** What a stack keeps of a vault: the arguments, and what AWS returned. */
type State = Inputs & Outputs;

/** For messages. */
const TYPE = "RestoreAccessVault";

/** The lifecycle of a vault that gives access to another. */
export const restoreAccessVaultLifecycle: Lifecycle<Inputs, State> = {
  declaration: restoreAccessVault,

  diff({ olds, state, inputs }) {
    const { backupVaultName, creatorRequestId: given } = inputs;
    const isGiven = given !== undefined && attemptsOf(given).includes(state.creatorRequestId);
    const asked = isGiven ? { ...olds, creatorRequestId: given } : olds;
    const { replaces, updates } = diffProperties(restoreAccessVault.inputs, asked, inputs);
    if (inputs.waitFor && state.vaultState === "CREATING") updates.push("vaultState");
    // While the vault is there, AWS answers its id with it.
    return { replaces, updates, deleteBeforeReplace: backupVaultName !== undefined || isGiven };
  },

  asks({ inputs, replaces }) {
    if (replaces.length === 0) return [];
    const { isCertain, reason } = reasonOf(replaces, inputs);
    return [
      `the members of the source vault's team ${isCertain ? "will" : "may have to"} vote on a new vault (${reason}).`,
    ];
  },

  async create(request) {
    const { inputs, name, context } = request;
    const vaults = await Vaults.open(context.aws);
    const state = await ask(vaults, `${TYPE} ${name}`, request);
    return { id: state.arn, state: await initialize(vaults, state, inputs, request) };
  },

  async read(request) {
    const { state } = request;
    const { vault } = await findVault(TYPE, request);
    return vault && isOurs(vault, state) ? flattenVault(state, vault) : undefined;
  },

  async update(request) {
    const { state, inputs } = request;
    const { vaults, vault, resource } = await findVault(TYPE, request);
    if (!vault || !isOurs(vault, state))
      throw new ReadableError(resource, "the vault no longer exists. Run pulumi refresh.");
    const { arn, backupVaultName, creatorRequestId, vaultState } = state;
    const known = { ...inputs, arn, backupVaultName, creatorRequestId, vaultState };
    return initialize(vaults, flattenVault(known, vault), inputs, request);
  },

  async delete(request) {
    const { id, state, context } = request;
    const { vaults, vault, resource } = await findVault(TYPE, request);
    if (!vault) return;
    if (!isOurs(vault, state)) {
      context.log(`${resource} is removed from the stack, but not deleted: a newer vault has its name.`);
      return;
    }
    const command = new vaults.module.DeleteBackupVaultCommand({ BackupVaultName: nameOf(id) });
    try {
      await call("backup:DeleteBackupVault", resource, () => vaults.client.send(command), DELETE_REMEDIES);
    } catch (error) {
      if (!hasCode(error, "ResourceNotFound")) throw error;
    }
    await waitUntilGone(vaults, id, request);
  },

  async import(request) {
    const { id } = request;
    const { vault } = await findVault(TYPE, request);
    if (vault?.SourceBackupVaultArn === undefined) return undefined;
    return flattenVault({ arn: id, sourceBackupVaultArn: vault.SourceBackupVaultArn }, vault);
  },
};

const DELETE_REMEDIES = {
  InvalidRequest:
    "AWS may reject this while the team votes. Run pulumi destroy again after the vote, or keep the vault with retainOnDelete.",
};

/** Two of these vaults may have the same name one after the other. */
const isOurs = ({ CreatorRequestId: id }: Vault, state: Pick<State, "creatorRequestId">): boolean =>
  id === undefined || id === state.creatorRequestId;

/** The ids that a request may have. */
const attemptsOf = (id: string): string[] =>
  Array.from({ length: CREATE_ATTEMPTS }, (_, index) => (index === 0 ? id : `${id}-${index + 1}`));

/**
 * Asks the team for access, once for a request id: a repetition is answered with the first one's vault, so that it is safe
 * after a crash. When that vault has been deleted since, the next id is used, which is derived as well.
 */
async function ask(vaults: Vaults, resource: string, request: Request & { inputs: Inputs }): Promise<State> {
  const { inputs } = request;
  for (const creatorRequestId of attemptsOf(inputs.creatorRequestId ?? derivedId(inputs, request))) {
    const asked = await send(vaults, resource, { ...inputs, creatorRequestId });
    const state = await confirmCreated(vaults, resource, asked, request);
    if (state) return state;
  }
  throw new ReadableError(
    resource,
    `AWS returned vaults that were deleted. Specify another creatorRequestId.`,
  );
}

const derivedId = ({ sourceBackupVaultArn, backupVaultName, generation }: Inputs, { origin }: Request) =>
  derivedToken([origin, sourceBackupVaultArn, backupVaultName, generation]);

async function send(
  vaults: Vaults,
  resource: string,
  inputs: Inputs & { creatorRequestId: string },
): Promise<State> {
  const command = new vaults.module.CreateRestoreAccessBackupVaultCommand(
    expand(restoreAccessVault.inputs, inputs),
  );
  const answer = await call(
    "backup:CreateRestoreAccessBackupVault",
    resource,
    () => vaults.client.send(command),
    CREATE_REMEDIES,
  );
  const { RestoreAccessBackupVaultArn: arn, VaultState = "CREATING", CreationDate } = answer;
  if (!arn) throw new ReadableError(resource, "backup:CreateRestoreAccessBackupVault returned no ARN.");
  return {
    ...inputs,
    arn,
    backupVaultName: answer.RestoreAccessBackupVaultName ?? nameOf(arn),
    vaultState: VaultState,
    creationDate: CreationDate?.toISOString(),
  };
}

const CREATE_REMEDIES = {
  AlreadyExists: "Another vault has this backupVaultName. Specify another name, or omit it.",
  InvalidRequest: "The source vault must have an approval team that is ACTIVE: backup.VaultApprovalTeam.",
};

/**
 * The state of the vault that AWS has answered with; undefined when it was deleted since. A new one that stays invisible is
 * taken for there, so that nobody is asked twice. A failed read does not lose it.
 */
async function confirmCreated(
  vaults: Vaults,
  resource: string,
  asked: State,
  { context }: Request,
): Promise<State | undefined> {
  try {
    const find = () => vaults.find(asked.backupVaultName, resource);
    const { found, isNew } = await findCreated(find, asked.creationDate, context);
    if (!found) return isNew ? asked : undefined;
    return isOurs(found, asked) ? flattenVault(asked, found) : undefined;
  } catch (error) {
    throw new InitializationError(asked.arn, asked, error);
  }
}

/** Waits for the votes, if the program says so. A failure keeps the vault in the state. */
async function initialize(vaults: Vaults, state: State, inputs: Inputs, request: Request): Promise<State> {
  if (!inputs.waitFor) return state;
  const resource = `${TYPE} ${request.name} (${state.arn})`;
  let known = state;
  try {
    await waitFor(
      {
        resource,
        pending: ["CREATING"],
        target: ["AVAILABLE"],
        timeout: request.timeouts.create,
        remedy: "Run pulumi up again to continue waiting, or increase timeouts.create.",
        observe: async () => {
          const found = await vaults.find(state.backupVaultName, resource);
          if (!found) return { status: "gone", detail: "deleted or revoked; run pulumi refresh" };
          known = flattenVault(known, found);
          const isRefused = known.vaultState === "FAILED";
          const detail = isRefused
            ? "the team did not approve; change generation to ask again"
            : known.mpaSessionArn;
          return { status: known.vaultState, ...(detail && { detail }) };
        },
      },
      request.context,
    );
    return known;
  } catch (error) {
    throw new InitializationError(state.arn, known, error);
  }
}

async function waitUntilGone(vaults: Vaults, id: string, { name, timeouts, context }: Request) {
  const resource = `${TYPE} ${name} (${id})`;
  await waitFor(
    {
      resource,
      pending: ["AVAILABLE", "CREATING", "FAILED"],
      target: ["gone"],
      timeout: timeouts.delete,
      remedy: "Run the command again to continue waiting, or increase timeouts.delete.",
      observe: async () => ({ status: (await vaults.find(nameOf(id), resource))?.VaultState ?? "gone" }),
    },
    context,
  );
}

/** The state with what AWS returns now. */
function flattenVault(
  state: Partial<State> & Pick<State, "arn" | "sourceBackupVaultArn">,
  vault: Vault,
): State {
  const found = flatten(restoreAccessVault.outputs, vault);
  return {
    ...state,
    ...found,
    arn: state.arn,
    sourceBackupVaultArn: vault.SourceBackupVaultArn ?? state.sourceBackupVaultArn,
    backupVaultName: found.backupVaultName ?? state.backupVaultName ?? nameOf(state.arn),
    creatorRequestId: found.creatorRequestId ?? state.creatorRequestId ?? "",
    vaultState: found.vaultState ?? state.vaultState ?? "",
  };
}
