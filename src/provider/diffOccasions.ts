import type { Diff } from "./diff";

type Call = "check" | "read";

/**
 * Tells what a diff is for by the call before it, about the same resource. After a check it compares the program with the
 * stack, for a preview or an update. After a read it is the refresh's own, which changes nothing. After neither, the engine
 * asks whether the resource has to be replaced because of one that it depends on; if so, there is no other diff of it.
 */
export class DiffOccasions {
  private readonly calls = new Map<string, Call>();

  follow(resource = "", call: Call): void {
    this.calls.set(resource, call);
  }

  /** Whether the change that the diff has found is about to be made, or previewed. */
  isOfChange(resource = "", { replaces }: Pick<Diff, "replaces">): boolean {
    const call = this.calls.get(resource);
    this.calls.delete(resource);
    return call === "check" || (call === undefined && replaces.length > 0);
  }
}
