/** What the rest of a call does. */
type Handler = (args: { input: object }) => Promise<never>;

/** A client of the AWS SDK, or ours. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options: { step: "initialize"; priority: "high"; name: string },
    ): void;
  };
}

/** Puts `middleware` around every call of the client, with all its tries. */
export function aroundCalls<C extends object>(
  client: C,
  name: string,
  middleware: (next: Handler) => Handler,
): C {
  (client as C & Client).middlewareStack.add(middleware, { step: "initialize", priority: "high", name });
  return client;
}
