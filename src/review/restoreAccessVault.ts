import { comment } from "./binding";
import { describeReplacement, isOpen, type ResourceChange } from "./change";
import type { Reviewed } from "./reviewer";
import { known, RETAINED, show } from "./wording";

/** Whether a vault's team is asked for access to it. */
export function reviewRestoreAccessVault(change: ResourceChange): Reviewed {
  const { op, news, state, replaceKeys } = change;
  const team = `The members of the team that protects ${show(news["sourceBackupVaultArn"])}`;
  const asked = (isCertain: boolean) => [
    { who: "members" as const, of: "the vault", subject: known(news["sourceBackupVaultArn"]), isCertain },
  ];
  if (op === "create")
    return {
      access: {
        text: `${team} vote on access to restore from it.`,
        details: comment(change),
        asks: asked(true),
      },
    };
  if (op === "replace") {
    const isCertain = !isOpen(change, replaceKeys);
    const text = `${team} ${isCertain ? "vote" : "may have to vote"} again on access to restore from it: ${describeReplacement(change)}.`;
    const isRetained = change.old?.isRetained ?? false;
    return {
      access: {
        text,
        details: [...comment(change), ...(isRetained ? [{ text: RETAINED }] : [])],
        asks: asked(isCertain),
      },
      ...(!isRetained && {
        destroyed: { text: `${isCertain ? "" : "If it turns out to differ: "}${ended(state)}` },
      }),
    };
  }
  if (op === "delete") return { destroyed: { text: ended(state) } };
  return { quiet: { text: "Nobody is asked." } };
}

const ended = ({ sourceBackupVaultArn, vaultState }: Record<string, unknown>) =>
  vaultState === "AVAILABLE"
    ? `The access to restore from ${show(sourceBackupVaultArn)} ends. To get it back, its team must vote again.`
    : `The vault (${show(vaultState)}) is deleted: access to restore from ${show(sourceBackupVaultArn)} was requested and is no longer needed.`;
