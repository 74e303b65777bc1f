import type { Session } from "./caller";
import type { Clock } from "./clock";
import { type DelegationRequest, settleDelegationRequests, type TradeInToken } from "./iam/delegationRequest";
import { Messaging } from "./messaging/messaging";
import {
  type AnsweredCreate,
  type IdentitySource,
  type IdentitySourceCreation,
  type IdentitySourceDeletion,
  settleIdentitySources,
} from "./mpa/identitySource";

/** Behaviour that tests may change while the emulator runs. */
export interface Settings {
  identitySourceCreation: IdentitySourceCreation;
  identitySourceDeletion: IdentitySourceDeletion;
  /** Accounts that AWS has not enrolled as partners: CreateDelegationRequest answers AccessDenied to them. */
  readonly unenrolledAccounts: Set<string>;
}

/** Everything that the emulated services remember. */
export class Cloud {
  /** By account: an account has at most one. */
  readonly identitySources = new Map<string, IdentitySource>();
  /** By account and ClientToken. */
  readonly answeredCreates = new Map<string, AnsweredCreate>();
  /** By request id. */
  readonly delegationRequests = new Map<string, DelegationRequest>();
  /** Account and RequestorWorkflowId of every request there ever was. */
  readonly usedWorkflowIds = new Set<string>();
  /** By the token itself. */
  readonly tradeInTokens = new Map<string, TradeInToken>();
  /** Temporary credentials, by access key id. */
  readonly sessions = new Map<string, Session>();

  readonly messaging: Messaging;
  private deliveries: Promise<void> = Promise.resolve();

  constructor(
    readonly clock: Clock,
    readonly settings: Settings,
    /** The emulator's own address. */
    readonly endpoint: string,
    /** Tells what a caller does not get to see, such as why a notification was not delivered. */
    readonly note: (line: string) => void,
  ) {
    this.messaging = new Messaging(endpoint);
  }

  /** Notes an error of our own, without its message: that might repeat what the caller sent. */
  noteFailure(error: unknown): void {
    const { name, stack = "" } = error instanceof Error ? error : new Error("not an Error");
    const where = stack.split("\n").find((line) => line.startsWith("    at "));
    this.note(`internal failure: ${name}${where === undefined ? "" : ` ${where.trim()}`}`);
  }

  /** Does what sends a message, after those before it. */
  deliver(send: () => Promise<void>): void {
    this.deliveries = this.deliveries.then(send);
  }

  /** Resolves when every message so far has been delivered. */
  delivered(): Promise<void> {
    return this.deliveries;
  }

  /** Lets happen what is due on the clock: nothing runs on timers. */
  settle(): void {
    settleIdentitySources(this.identitySources, this.clock);
    settleDelegationRequests(this);
  }
}
