import type { ServiceName } from "./service";

/** A call as an interceptor sees it: before its effect, and once more after it. Its input is left out. */
export interface Call {
  readonly phase: "before-effect" | "after-effect";
  readonly service: ServiceName;
  readonly operation: string;
  readonly account: string;
}

/** What an interceptor may make of a call. A delay comes first; after it the connection is dropped, or the error sent. */
export interface Fault {
  /** Real time, in milliseconds. */
  readonly delayMs?: number;
  /** Close the connection without an answer. */
  readonly drop?: boolean;
  /** Answer this instead, in the shape of the service's protocol. */
  readonly error?: { readonly status: number; readonly code: string; readonly message?: string };
}

/** A call that has been answered, or dropped. */
export interface CallRecord {
  /** On the emulator's clock. */
  readonly time: Date;
  /** `unknown` when the request didn't name a service that is emulated. */
  readonly service: ServiceName | "unknown";
  /** `unknown` when the request didn't name an operation. */
  readonly operation: string;
  /** Undefined when the caller could not be identified. */
  readonly account: string | undefined;
  /** HTTP status; undefined when the connection was dropped. */
  readonly status: number | undefined;
  readonly errorCode: string | undefined;
}
