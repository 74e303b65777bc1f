import type { Parameters } from "fast-check";

const { FC_SEED, FC_PATH, FC_RUNS } = process.env;

/** Without a seed of the environment each run draws the same, so that a change is what makes a run fail. */
const SEED = "1";

/**
 * What the environment says of a property's runs: spread it over the property's own parameters. `FC_SEED` and `FC_PATH`
 * are those that a failing run printed, and play it again; any other `FC_SEED` makes other draws. `FC_RUNS` is how often
 * each property runs.
 */
export const replay: Pick<Parameters<unknown>, "path" | "numRuns"> & { seed: number } = {
  seed: Number(FC_SEED ?? SEED),
  ...(FC_PATH !== undefined && { path: FC_PATH }),
  ...(FC_RUNS !== undefined && { numRuns: Number(FC_RUNS) }),
};

// More runs than usual take as long as they take.
if (FC_RUNS !== undefined) jest.setTimeout(2 ** 31 - 1);
