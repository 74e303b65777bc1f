import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** What a program asked the engine to register. */
export class Registrations {
  constructor(private readonly requests: readonly RegisterResourceRequest[]) {}

  /** `type name` of each, sorted. */
  get all(): string[] {
    return this.filter(() => true);
  }

  /** `type name` of those that pass, sorted. */
  filter(passes: (request: RegisterResourceRequest) => boolean): string[] {
    return this.requests
      .filter(passes)
      .map((request) => `${request.getType()} ${request.getName()}`)
      .sort();
  }

  of(type: string, name?: string): RegisterResourceRequest {
    const found = this.requests.filter(
      (request) => request.getType() === type && (name === undefined || request.getName() === name),
    );
    if (found.length !== 1) throw new Error(`${found.length} registrations of ${type} ${name ?? ""}`);
    return found[0] as RegisterResourceRequest;
  }

  inputs(type: string, name?: string): Record<string, unknown> {
    return this.of(type, name).getObject()?.toJavaScript() ?? {};
  }

  /** `type name` of what must be there before. */
  dependencies(type: string, name?: string): string[] {
    return this.of(type, name)
      .getDependenciesList()
      .map((urn) => {
        const [, , types, dependency] = urn.split("::");
        return `${types?.split("$").pop()} ${dependency}`;
      })
      .sort();
  }

  /** `type name` of those whose parent's URN ends so. */
  children(urnEnd: string): string[] {
    return this.filter((request) => request.getParent().endsWith(urnEnd));
  }
}

const ACCOUNT = "111122223333";

/** What AWS makes of the inputs, as far as other resources need it. */
function outputs(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "aws:sns/topic:Topic":
      return { ...inputs, arn: `arn:aws:sns:us-east-1:${ACCOUNT}:${name}` };
    case "aws:sqs/queue:Queue":
      return {
        ...inputs,
        arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`,
        url: `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/${name}`,
      };
    case "aws:dynamodb/table:Table":
      return { ...inputs, name, arn: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}` };
    case "aws:kms/key:Key":
      return { ...inputs, keyId: `${name}-id`, arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${name}-id` };
    case "pulumi-nodejs:dynamic/aws-approvals/iam:DelegationRequest":
      return {
        ...inputs,
        delegationRequestId: `dr-${name}`,
        consoleDeepLink: `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${name}`,
        requestorWorkflowId: `${name}-1`,
        state: "UNASSIGNED",
        expirationTime: "2026-01-16T10:30:00.000Z",
      };
    default:
      return inputs;
  }
}

/** Runs a program against Pulumi's mocks. @param more outputs of resources that the mocks do not have */
export async function recorded<T>(
  program: () => T,
  more: (type: string) => Record<string, unknown> = () => ({}),
): Promise<{ result: T; registrations: Registrations }> {
  const requests: RegisterResourceRequest[] = [];
  const register = MockMonitor.prototype.registerResource;
  const spy = jest.spyOn(MockMonitor.prototype, "registerResource").mockImplementation(function (
    this: MockMonitor,
    request,
    callback,
  ) {
    requests.push(request);
    return register.call(this, request, callback);
  });
  try {
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...outputs(type, name, inputs), ...more(type) },
      }),
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    });
    return { result: program(), registrations: new Registrations(requests) };
  } finally {
    // Until then registrations go on, also those of a program that failed.
    await pulumi.runtime.disconnect();
    spy.mockRestore();
  }
}

/** The value of an output that is known. */
export const known = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((value) => resolve(value as T)));
