/** A message for the user: something the program, the state or a provider did, and not a fault of the engine. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
}

/** A Pulumi feature that the offline engine does not do. It is refused by name, never ignored. */
export class UnsupportedFeatureError extends EngineError {
  override readonly name = "UnsupportedFeatureError";

  constructor(feature: string, remedy = "use the Pulumi CLI for it") {
    super(`the offline engine does not do ${feature}; ${remedy}`);
  }
}

/** The resource exists, but its initialization failed: it is kept in the state and tried again by the next run. */
export class ResourceInitError extends EngineError {
  override readonly name = "ResourceInitError";

  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n") || "resource init failed");
  }
}

/** The engine was killed at a moment that was asked for: the state is what it had recorded until then. */
export class EngineKilledError extends EngineError {
  override readonly name = "EngineKilledError";
}

/** The provider process went away during a call: nobody knows what became of the operation. */
export class ProviderLostError extends EngineError {
  override readonly name = "ProviderLostError";
}
