import type { ServiceName } from "./service";

/** A call as an interceptor sees it: before its effect, and again after it. Its input is left out. */
export interface Call {
  /**
   * `before-effect`: nothing has happened yet. `after-effect`: the call has succeeded, and a fault hides that from the
   * caller.
   */
  readonly phase: "before-effect" | "after-effect";
  /** The service, as in the credential scope: `iam`, `mpa`, `payment-cryptography`. */
  readonly service: ServiceName;
  /** The operation, such as `CreateDelegationRequest`. */
  readonly operation: string;
  /** The caller's account, 12 digits. */
  readonly account: string;
}

/** How an interceptor makes a call fail: after the delay, if any, the connection is dropped or the error answered. */
export interface Fault {
  /** Real time, in milliseconds. */
  readonly delayMs?: number;
  /** Close the connection without a response. */
  readonly drop?: boolean;
  /** Answer this error, in the format of the service's protocol. */
  readonly error?: {
    /** The HTTP status. */
    readonly status: number;
    /** AWS's code, such as `AccessDenied`. */
    readonly code: string;
    /** The message. Default: one that says that the error was injected. */
    readonly message?: string;
  };
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
  /** AWS's code of the answered error; undefined when the call succeeded or its connection was dropped. */
  readonly errorCode: string | undefined;
}
