// The program of the random test: what it declares at the moment. Events edit it, and the stack runs it.

import * as pulumi from "@pulumi/pulumi";
import { iam, mpa } from "pulumi-aws-approvals";
import { CUSTOMER, PARTNER } from "./awsFixture";
import type { RequestDeclaration, RequestName, SourceDeclaration } from "./events";

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

  /** Starts a new sequence of events with an empty program. */
  reset(): void {
    this.sequence++;
    this.requests.clear();
    this.source = undefined;
  }

  declare(): void {
    const { source } = this;
    const identitySource =
      source &&
      new mpa.IdentitySource(this.sourceName, {
        iamIdentityCenter: { instanceArn: INSTANCES[source.instance], region: "us-east-1" },
        tags: source.tags,
      });
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
        { dependsOn: dependsOnSource && identitySource ? [identitySource] : [] },
      );
    }
  }

  get instanceArn(): string | undefined {
    return this.source && INSTANCES[this.source.instance];
  }

  get sourceName(): string {
    return this.resourceName("source");
  }

  /** Names differ between sequences, because AWS remembers the idempotency tokens of earlier ones. */
  resourceName(name: string): string {
    return `${name}-${this.sequence}`;
  }

  /** The request that the program declares under a resource's name. */
  requestNamed(resourceName: string): RequestDeclaration | undefined {
    return this.requests.get(resourceName.replace(/-\d+$/, "") as RequestName);
  }
}
