const PLACEHOLDER = "[secret]";

/**
 * A text that shows a placeholder when it is printed, put in a message, serialized or inspected. Only
 * {@link Secret.reveal} returns it. It is not encrypted: this prevents accidental leaks only.
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

  /** The placeholder `[secret]`. */
  toString(): string {
    return PLACEHOLDER;
  }

  /** The placeholder `[secret]`. */
  toJSON(): string {
    return PLACEHOLDER;
  }

  /** The placeholder `[secret]`. */
  [Symbol.toPrimitive](): string {
    return PLACEHOLDER;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return PLACEHOLDER;
  }
}
