import type { ServiceName } from "./service";

/** A call as an interceptor sees it: before its effect, and again after it. Its input is left out. */
export interface Call {
  readonly phase: "before-effect" | "after-effect";
  readonly service: ServiceName;
  readonly operation: string;
  readonly account: string;
}

/** How an interceptor makes a call fail: after the delay, if any, the connection is dropped or the error answered. */
export interface Fault {
  /** Real time, in milliseconds. */
  readonly delayMs?: number;
  /** Close the connection without a response. */
  readonly drop?: boolean;
  /** Answer this error, in the format of the service's protocol. */
  readonly error?: { readonly status: number; readonly code: string; readonly message?: string };
}

/** A call that was answered, or whose connection was dropped. */
export interface CallRecord {
  /** On the emulator's clock. */
  readonly time: Date;
  /** `unknown` when the request names no emulated service. */
  readonly service: ServiceName | "unknown";
  /** `unknown` when the request names no operation. */
  readonly operation: string;
  /** Undefined when the caller could not be identified. */
  readonly account: string | undefined;
  /** The region that the call was signed for; undefined when it was not signed. */
  readonly region: string | undefined;
  /** HTTP status; undefined when the connection was dropped. */
  readonly status: number | undefined;
  readonly errorCode: string | undefined;
}
