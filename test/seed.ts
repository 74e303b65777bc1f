import type { Parameters } from "fast-check";

const { FC_SEED, FC_PATH, FC_RUNS } = process.env;

/**
 * What the environment says of a property's runs: spread it over the property's own parameters. `FC_SEED` and `FC_PATH`
 * are those that a failing run printed, and play it again; `FC_RUNS` is how often each property runs.
 */
export const replay: Pick<Parameters<unknown>, "seed" | "path" | "numRuns"> = {
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
  ...(FC_PATH !== undefined && { path: FC_PATH }),
  ...(FC_RUNS !== undefined && { numRuns: Number(FC_RUNS) }),
};

// More runs than usual take as long as they take.
if (FC_RUNS !== undefined) jest.setTimeout(2 ** 31 - 1);
