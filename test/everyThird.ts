const isComplete = process.env["COMPLETE_WALKS"] !== undefined;
const STRIDE = 3;
let walks = 0;

/**
 * One point in three of a walk, and at least one. Walks begin at different points, so that together they come by all. With
 * `COMPLETE_WALKS`, as in `npm run test:all`, every point.
 */
export function everyThird<Point>(points: Point[]): Point[] {
  const first = walks++ % Math.min(STRIDE, points.length);
  return isComplete ? points : points.filter((_, index) => index % STRIDE === first);
}

/** A third of a property's runs; with `COMPLETE_WALKS` all. */
export const aThirdOf = (runs: number): number => (isComplete ? runs : Math.ceil(runs / STRIDE));
