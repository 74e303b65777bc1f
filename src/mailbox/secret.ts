const PLACEHOLDER = "[secret]";

/**
 * A text that must not be seen: printed, put in a message, serialized or inspected, it shows a placeholder. Only
 * {@link Secret.reveal} gives it. Nothing is encrypted: it guards against leaks by accident.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [Symbol.toPrimitive](): string {
    return PLACEHOLDER;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return PLACEHOLDER;
  }
}
