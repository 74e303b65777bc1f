// The program of the random test: what it declares at the moment. Events edit it, and both stacks run it.

import * as pulumi from "@pulumi/pulumi";
import { iam, mpa } from "pulumi-aws-approvals";
import { CUSTOMER, PARTNER } from "./awsFixture";
import type { RequestDeclaration, RequestName, ResourceName, SourceDeclaration } from "./events";

const INSTANCES = {
  a: "arn:aws:sso:::instance/ssoins-aaaaaaaaaaaaaaaa",
  b: "arn:aws:sso:::instance/ssoins-bbbbbbbbbbbbbbbb",
};

/** The value of a policy parameter that the program marks as secret: only AWS may get it in plain text. */
export const SECRET_PREFIX = "s3cr3t-pr3fix";

export class RandomProgram {
  readonly requests = new Map<RequestName, RequestDeclaration>();
  source: SourceDeclaration | undefined;
  private sequence = 0;
  private readonly renamings = new Map<ResourceName, number>();
  /** The former names that the program gives as aliases. */
  private readonly aliases = new Map<ResourceName, string[]>();

  /** Starts a new life with an empty program. */
  reset(): void {
    this.sequence++;
    this.requests.clear();
    this.renamings.clear();
    this.aliases.clear();
    this.source = undefined;
  }

  /** @param alias whether the former name stays an alias */
  rename(name: ResourceName, alias: boolean): void {
    this.aliases.set(name, alias ? this.namesOf(name) : []);
    this.renamings.set(name, (this.renamings.get(name) ?? 0) + 1);
  }

  declare(): void {
    const { source } = this;
    const identitySource =
      source &&
      new mpa.IdentitySource(
        this.resourceName("source"),
        {
          iamIdentityCenter: { instanceArn: INSTANCES[source.instance], region: "us-east-1" },
          tags: source.tags,
          ...(source.adopt && { adopt: true }),
        },
        this.aliasesOf("source"),
      );
    for (const [name, request] of this.requests) {
      const { sessionDuration, renewWhen, generation, hasOwner, dependsOnSource } = request;
      new iam.DelegationRequest(
        this.resourceName(name),
        {
          ...{ sessionDuration, renewWhen, generation },
          ...(hasOwner && { ownerAccountId: CUSTOMER }),
          description: "Read the list of buckets",
          permissions: {
            policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
            parameters: [{ name: "prefix", type: "string", values: [pulumi.secret(SECRET_PREFIX)] }],
          },
          notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
        },
        {
          ...this.aliasesOf(name),
          dependsOn: dependsOnSource && identitySource ? [identitySource] : [],
        },
      );
    }
  }

  get instanceArn(): string | undefined {
    return this.source && INSTANCES[this.source.instance];
  }

  /** Names differ between lives, because AWS remembers the idempotency tokens of earlier ones. */
  resourceName(name: ResourceName): string {
    return `${name}-${this.sequence}-${this.renamings.get(name) ?? 0}`;
  }

  /** The names of a resource that are one to the engine: the present one and its aliases. */
  namesOf(name: ResourceName): string[] {
    return [this.resourceName(name), ...(this.aliases.get(name) ?? [])];
  }

  /** The request that the program declares under a resource's name, or with that name as an alias. */
  requestNamed(resourceName: string): RequestName | undefined {
    return [...this.requests.keys()].find((name) => this.namesOf(name).includes(resourceName));
  }

  private aliasesOf(name: ResourceName): { aliases: pulumi.Alias[] } {
    return { aliases: (this.aliases.get(name) ?? []).map((former) => ({ name: former })) };
  }
}
