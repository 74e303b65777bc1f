/** A number and its unit. */
const PART = /(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);

const MILLISECONDS: Record<string, number> = {
  ...{ h: 3_600_000, m: 60_000, s: 1000, ms: 1 },
  ...{ us: 1e-3, µs: 1e-3, ns: 1e-6 },
};

/** The milliseconds of a duration in Go's notation, as in Pulumi's `customTimeouts`: `90s`, `10m`, `1h30m`. Undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  return [...text.matchAll(new RegExp(PART, "g"))].reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (MILLISECONDS[unit] ?? 0),
    0,
  );
}

/** A duration in its two largest units: `2 h 5 min`, `40 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
