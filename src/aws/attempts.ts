import { codeOf } from "./errors";

/** An attempt at a call. It has no input and no output of the call, which may be secret. */
export interface Attempt {
  /** `sts:GetDelegatedAccessToken` */
  operation: string;
  region: string;
  /** From 1. */
  number: number;
  milliseconds: number;
  /** `ok`, AWS's error code, or the system's. */
  outcome: string;
}

interface Context {
  clientName?: string;
  commandName?: string;
}

type Handler = (args: { request: unknown }) => Promise<never>;

/** A client of the AWS SDK, or ours. */
interface Client {
  readonly config: { region: string | (() => Promise<string>) };
  readonly middlewareStack: {
    add(
      middleware: (next: Handler, context: Context) => Handler,
      options: { step: "finalizeRequest"; priority: "low"; name: string },
    ): void;
  };
}

/** Reports every attempt of the client's calls, once it has ended. */
export function observeAttempts<C extends object>(client: C, onAttempt: (attempt: Attempt) => void): C {
  const { config, middlewareStack } = client as C & Client;
  const observe =
    (next: Handler, { clientName = "", commandName = "" }: Context): Handler =>
    async (args) => {
      const start = performance.now();
      const region = typeof config.region === "function" ? await config.region() : config.region;
      const operation = `${clientName.replace(/Client$/, "").toLowerCase()}:${commandName.replace(/Command$/, "")}`;
      const end = (outcome: string) =>
        onAttempt({
          operation,
          region,
          number: numberOf(args.request),
          milliseconds: Math.round(performance.now() - start),
          outcome,
        });
      try {
        const answer = await next(args);
        end("ok");
        return answer;
      } catch (error) {
        end(codeOf(error));
        throw error;
      }
    };
  // Within the retries.
  middlewareStack.add(observe, { step: "finalizeRequest", priority: "low", name: "observeAttempts" });
  return client;
}

/** The SDK counts the tries in a header, `attempt=2; max=25`. */
function numberOf(request: unknown): number {
  const { headers = {} } = request as { headers?: Record<string, string> };
  return Number(/attempt=(\d+)/.exec(headers["amz-sdk-request"] ?? "")?.[1] ?? 1);
}
