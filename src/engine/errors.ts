/** An error caused by the program, the state or a provider, and not by a bug in the engine. Its message is for the user. */
export class EngineError extends Error {
  /** The class's name, to recognize the error by. */
  override readonly name: string = "EngineError";
}

/** What is shown of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A Pulumi feature that the offline engine does not support. Such a feature is rejected, never ignored. */
export class UnsupportedFeatureError extends EngineError {
  /** The class's name, to recognize the error by. */
  override readonly name = "UnsupportedFeatureError";

  constructor(feature: string, remedy = "use the Pulumi CLI") {
    super(`the offline engine does not support ${feature}; ${remedy}`);
  }
}

/** The resource exists, but its initialization failed. It stays in the state, and the next run updates it. */
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

/** The engine was killed on request by `intercept`. The state contains what had been recorded before. */
export class EngineKilledError extends EngineError {
  /** The class's name, to recognize the error by. */
  override readonly name = "EngineKilledError";
}

/** The provider process ended during a call, so the outcome of the operation is unknown. */
export class ProviderLostError extends EngineError {
  override readonly name = "ProviderLostError";
}
