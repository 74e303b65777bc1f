/**
 * Runs `use` with an abort controller that is aborted together with `parent`, and can be aborted alone. (Node.js 20.0 to
 * 20.2 have no `AbortSignal.any`.)
 */
export async function withChildAbort<T>(
  parent: AbortSignal,
  use: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (parent.aborted) abort();
  parent.addEventListener("abort", abort, { once: true });
  try {
    return await use(controller);
  } finally {
    parent.removeEventListener("abort", abort);
  }
}
