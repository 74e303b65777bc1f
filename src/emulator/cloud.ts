import { BackupStore } from "./backup/store";
import type { Session } from "./caller";
import type { Clock } from "./clock";
import { Tables } from "./dynamodb/tables";
import { IamStore } from "./iam/store";
import type { User } from "./identitystore/user";
import { Messaging } from "./messaging/messaging";
import { Publisher } from "./messaging/publisher";
import type { ApprovalTeamDeletion, ApprovalTeamValidation } from "./mpa/approvalTeam";
import type { IdentitySourceCreation, IdentitySourceDeletion } from "./mpa/identitySource";
import { MpaStore } from "./mpa/store";
import type { TeamAssociation } from "./paymentcryptography/association";
import type { RateLimiter } from "./rateLimits";

/** Behaviour that tests may change while the emulator runs. */
export interface Settings {
  identitySourceCreation: IdentitySourceCreation;
  identitySourceDeletion: IdentitySourceDeletion;
  approvalTeamValidation: ApprovalTeamValidation;
  approvalTeamDeletion: ApprovalTeamDeletion;
  /** Accounts that AWS has not enrolled as partners: CreateDelegationRequest answers AccessDenied to them. */
  readonly unenrolledAccounts: Set<string>;
  /** The accounts of each partner that has several. Any other account is a partner of its own. */
  readonly partners: readonly (readonly string[])[];
  /** Of all identity stores. */
  readonly users: readonly User[];
  readonly rateLimiter: RateLimiter;
}

/** The state of all emulated services, and what their operations need beside it. */
export class Cloud {
  readonly iam = new IamStore();
  readonly mpa: MpaStore;
  readonly backup = new BackupStore();
  /** Of AWS Payment Cryptography, by account, region and operation. */
  readonly teamAssociations = new Map<string, TeamAssociation>();
  /** Of DynamoDB. */
  readonly tables = new Tables();
  /** Temporary credentials, by access key id. */
  readonly sessions = new Map<string, Session>();

  readonly messaging: Messaging;
  /** Messages that services send by themselves. */
  readonly publisher: Publisher;

  constructor(
    readonly clock: Clock,
    readonly settings: Settings,
    /** The emulator's own address. */
    readonly endpoint: string,
    /** Receives what no caller gets to see, such as why a notification was not delivered. */
    readonly log: (line: string) => void,
  ) {
    this.mpa = new MpaStore(() => settings.approvalTeamValidation);
    this.messaging = new Messaging(endpoint, clock);
    this.publisher = new Publisher(this.messaging, log);
  }

  /** Logs an internal error without its message, which might repeat a caller's input. */
  logFailure(error: unknown): void {
    const { name, stack = "" } = error instanceof Error ? error : new Error("not an Error");
    const where = stack.split("\n").find((line) => line.startsWith("    at "));
    this.log(`internal failure: ${name}${where === undefined ? "" : ` ${where.trim()}`}`);
  }

  /** Makes the changes of state that are due on the clock. Called before each access: there are no timers. */
  applyDueTransitions(): void {
    const now = this.clock.now();
    this.mpa.applyDueTransitions(now);
    this.iam.applyDueTransitions(now, this.publisher);
  }
}
