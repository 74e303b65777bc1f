// An embedded AWS with a clock that only a test advances. A test runs the package against it with `env`, makes calls fail
// with `fault`, changes resources as other clients of AWS would, and looks at what is there.

import { GetDelegationRequestCommand, IAMClient } from "@aws-sdk/client-iam";
import { invitedTo, votersOf } from "../../src/emulator/mpa/people";
import { OWNER_TAG, parseOwner } from "../../src/resources/mpa/ownership";
import {
  type ApprovalTeam,
  type BackupVault,
  type Call,
  type DelegationRequest,
  type Fault,
  ManualClock,
  startEmulator,
  type TestEmulator,
  type TestEmulatorOptions,
} from "../../src/testing";

export const PARTNER = "000000000000";
export const CUSTOMER = "222222222222";
const PEOPLE = ["alice", "bob", "carol"];
const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT";
export const SECRET_KEY = "the-secret-access-key";
export const SOURCE_ARN = `arn:aws:mpa:us-east-1:${PARTNER}:identity-source/IamIdentityCenter`;

export interface SourceView {
  instanceArn: string;
  region: string;
  status: string;
  tags: Record<string, string>;
}

/** The tags without the one in which this package notes the owner. */
const withoutOwner = ({ [OWNER_TAG]: _, ...tags }: Record<string, string>) => tags;

export class AwsFixture {
  /** Starts an hour ago, so that AWS shows what is created now everywhere by the time of the real clock. */
  readonly clock = new ManualClock(new Date(Date.now() - 3_600_000));
  /** Whether approvers accept every invitation and approve every session as soon as they hear of it. */
  approversAgree = false;
  /** The fault to inject into a call, if any. */
  fault: ((call: Call) => Fault | undefined | Promise<Fault | undefined>) | undefined;
  private readonly clients = new Map<string, IAMClient>();
  private started: TestEmulator | undefined;

  static async open(options: TestEmulatorOptions = {}): Promise<AwsFixture> {
    const fixture = new AwsFixture();
    fixture.started = await startEmulator({
      clock: fixture.clock,
      intercept: (call) => {
        if (
          fixture.approversAgree &&
          call.phase === "after-effect" &&
          ["mpa", "backup", "payment-cryptography"].includes(call.service)
        )
          fixture.agree();
        return fixture.fault?.(call);
      },
      ...options,
    });
    return fixture;
  }

  /** Approvers answer all that waits for them. */
  agree(): void {
    const { approvalTeams, sessions } = this.emulator.store;
    for (const team of approvalTeams.values())
      for (const person of invitedTo(team)) this.emulator.approver(person).accept(team.arn);
    for (const session of sessions.values())
      for (const person of votersOf(session))
        if (session.status === "PENDING") this.emulator.approver(person).vote(session.arn, "APPROVE");
  }

  /** Makes all that there is old enough that it is gone when AWS does not show it; what is new is waited for. */
  age(): void {
    this.clock.advance("2m");
  }

  get emulator(): TestEmulator {
    if (this.started === undefined) throw new Error("the fixture was not opened");
    return this.started;
  }

  /** The environment of a user whose AWS is the embedded one. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.emulator.endpoint,
      AWS_ACCESS_KEY_ID: PARTNER,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_SESSION_TOKEN: "",
      AWS_REGION: "us-east-1",
      AWS_PROFILE: "",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
  }

  iam(account: string): IAMClient {
    const client =
      this.clients.get(account) ??
      new IAMClient({
        endpoint: this.emulator.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: account, secretAccessKey: "x" },
      });
    this.clients.set(account, client);
    return client;
  }

  mpa(method: string, path: string, body?: object, account = PARTNER): Promise<Record<string, unknown>> {
    return this.call("mpa", method, path, body, account);
  }

  backup(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    return this.call("backup", method, path, body);
  }

  /** Calls a service with the HTTP request that an AWS SDK would send. */
  private async call(
    service: string,
    method: string,
    path: string,
    body?: object,
    account = PARTNER,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.emulator.endpoint}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        "x-amz-date": "20260101T000000Z",
        authorization:
          `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, ` +
          `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  createSource(instanceArn: string, region = "us-east-1"): Promise<unknown> {
    const IamIdentityCenter = { InstanceArn: instanceArn, Region: region };
    return this.mpa("POST", "/identity-sources", { IdentitySourceParameters: { IamIdentityCenter } });
  }

  /** A team of three who are invited. */
  createTeam(name = "ops"): Promise<unknown> {
    return this.mpa("POST", "/approval-teams", {
      Name: name,
      Description: "Decides about restores",
      ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
      Approvers: PEOPLE.map((PrimaryIdentityId) => ({
        PrimaryIdentityId,
        PrimaryIdentitySourceArn: SOURCE_ARN,
      })),
      Policies: [{ PolicyArn: POLICY }],
    });
  }

  /**
   * A team of the given ARN that can vote. It is put there, since AWS gives teams ARNs with a random part, and the walks
   * begin anew at every point.
   */
  putTeam(arn: string): ApprovalTeam {
    const team: ApprovalTeam = {
      ...{ account: PARTNER, arn, name: arn.replace(/.*\//, ""), description: "Decides", policies: [POLICY] },
      ...{
        creationTime: this.clock.now(),
        tags: new Map(),
        minApprovals: 2,
        versionId: "1",
        status: "ACTIVE",
      },
      approvers: PEOPLE.map((identityId) => ({
        ...{ id: identityId, identityId, identitySourceArn: SOURCE_ARN },
        ...{ response: "ACCEPTED", mfa: "IN_SYNC" },
      })),
    };
    (this.emulator.store.approvalTeams as Map<string, ApprovalTeam>).set(arn, team);
    return team;
  }

  /** A logically air-gapped vault of the given ARN. */
  putVault(arn: string, team?: ApprovalTeam): void {
    const vault: BackupVault = {
      ...{ account: PARTNER, region: "us-east-1", name: arn.replace(/.*:/, ""), arn },
      ...{ type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", state: "AVAILABLE", creatorRequestId: undefined },
      creationDate: this.clock.now(),
      ...(team && { team }),
    };
    (this.emulator.store.backupVaults as Map<string, BackupVault>).set(arn, vault);
  }

  deleteSource(): Promise<unknown> {
    return this.mpa("DELETE", `/identity-sources/${encodeURIComponent(SOURCE_ARN)}`);
  }

  tagSource(tags: Record<string, string>): Promise<unknown> {
    return this.mpa("PUT", `/tags/${encodeURIComponent(SOURCE_ARN)}`, { Tags: tags });
  }

  /** The identity sources of an account as the API shows them; an account has one at most. */
  async identitySources(account = PARTNER): Promise<SourceView[]> {
    const get = (path: string) => this.mpa("GET", path, undefined, account);
    const list = await this.mpa("POST", "/identity-sources/?List", undefined, account);
    return Promise.all(
      (list as { IdentitySources: { IdentitySourceArn: string }[] }).IdentitySources.map(async (listed) => {
        const arn = encodeURIComponent(listed.IdentitySourceArn);
        const [source, tagging] = await Promise.all([get(`/identity-sources/${arn}`), get(`/tags/${arn}`)]);
        const { Status, IdentitySourceParameters } = source as {
          Status: string;
          IdentitySourceParameters: { IamIdentityCenter: { InstanceArn: string; Region: string } };
        };
        const { InstanceArn, Region } = IdentitySourceParameters.IamIdentityCenter;
        const { Tags } = tagging as { Tags: Record<string, string> };
        return { instanceArn: InstanceArn, region: Region, status: Status, tags: withoutOwner(Tags) };
      }),
    );
  }

  /** Deletes all resources, also those that AWS has no operation to delete. */
  deleteAll(): void {
    for (const resources of Object.values(this.emulator.store)) (resources as Map<string, unknown>).clear();
  }

  /** The teams of an account as the API shows them, oldest first, without what differs in every run. */
  async approvalTeams(account = PARTNER): Promise<object[]> {
    const get = (path: string) => this.mpa("GET", path, undefined, account);
    const { ApprovalTeams } = (await this.mpa("POST", "/approval-teams/?List", undefined, account)) as {
      ApprovalTeams: { Arn: string }[];
    };
    return Promise.all(
      ApprovalTeams.map(async ({ Arn }) => {
        const arn = encodeURIComponent(Arn);
        const [team, tagging] = await Promise.all([get(`/approval-teams/${arn}`), get(`/tags/${arn}`)]);
        const { Name, Description, ApprovalStrategy, Policies, Status, StatusCode } = team;
        const members = (team["Approvers"] as { PrimaryIdentityId: string }[]).map(
          ({ PrimaryIdentityId }) => PrimaryIdentityId,
        );
        const { Tags } = tagging as { Tags: Record<string, string> };
        return {
          ...{ Name, Description, ApprovalStrategy, Policies, Status, StatusCode },
          members: members.sort(),
          tags: withoutOwner(Tags),
        };
      }),
    );
  }

  /** The identity sources of all accounts, from the store of the embedded AWS. */
  sources(): SourceView[] {
    return [...this.emulator.store.identitySources.values()].map((source) => ({
      instanceArn: source.instanceArn,
      region: source.instanceRegion,
      status: source.status,
      tags: withoutOwner(Object.fromEntries(source.tags)),
    }));
  }

  /** The ids in the owner tags of all resources. */
  ownershipIds(): string[] {
    const { identitySources, approvalTeams } = this.emulator.store;
    const tags = [...identitySources.values(), ...approvalTeams.values()].map((resource) =>
      resource.tags.get(OWNER_TAG),
    );
    return tags.flatMap((tag) => parseOwner(tag)?.id ?? []);
  }

  /** All requests, oldest first, from the store of the embedded AWS: a partner cannot list its requests. */
  requests(): DelegationRequest[] {
    return [...this.emulator.store.delegationRequests.values()];
  }

  /** A request as GetDelegationRequest returns it to an account that may read it. */
  async request(id: string, reader = CUSTOMER) {
    const answer = await this.iam(reader).send(new GetDelegationRequestCommand({ DelegationRequestId: id }));
    return answer.DelegationRequest;
  }

  async close(): Promise<void> {
    for (const client of this.clients.values()) client.destroy();
    await this.emulator.close();
  }
}
