import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Call, CallRecord, Fault } from "./call";
import { identify } from "./caller";
import type { Cloud } from "./cloud";
import { AwsError } from "./errors";
import { iam } from "./iam/service";
import { sns, sqs } from "./messaging/services";
import { mpa } from "./mpa/service";
import type { WireAnswer, WireRequest } from "./protocols/protocol";
import { guessProtocol } from "./protocols/unnamed";
import type { Service } from "./service";
import { readSignature } from "./signature";
import { sts } from "./sts/service";

const SERVICES: ReadonlyMap<string, Service> = new Map(
  [mpa, iam, sts, sns, sqs].map((item) => [item.name, item]),
);

/** Only what looks like a name gets into the log. */
const OPERATION_NAME = /^[A-Za-z]{1,64}$/;

export type Interceptor = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** Thrown to close the connection without an answer. */
class Dropped extends Error {
  override readonly name = "Dropped";
}

interface Progress {
  service: Service | undefined;
  operation: string;
  account: string | undefined;
}

export interface Outcome {
  readonly record: CallRecord;
  /** Undefined: drop the connection. */
  readonly answer: WireAnswer | undefined;
}

/** Takes a request all the way: who calls, which operation, faults, effect, answer. Never throws. */
export async function handle(
  request: WireRequest,
  cloud: Cloud,
  intercept: Interceptor | undefined,
  gone: AbortSignal,
): Promise<Outcome> {
  const requestId = randomUUID();
  const progress: Progress = { service: undefined, operation: "unknown", account: undefined };
  const outcome = (answer: WireAnswer | undefined, errorCode?: string): Outcome => ({
    answer,
    record: {
      time: cloud.clock.now(),
      service: progress.service?.name ?? "unknown",
      operation: progress.operation,
      account: progress.account,
      status: answer?.status,
      errorCode,
    },
  });
  try {
    const answer = await perform(request, requestId, cloud, intercept, gone, progress);
    return outcome(answer, errorCodeIn(answer));
  } catch (error) {
    if (error instanceof Dropped || gone.aborted) return outcome(undefined);
    const protocol = progress.service?.protocol ?? guessProtocol(request);
    const shown = error instanceof AwsError ? error : internalFailure(error, cloud);
    return outcome(protocol.failure(shown, requestId), protocol.codeOf(shown));
  }
}

async function perform(
  request: WireRequest,
  requestId: string,
  cloud: Cloud,
  intercept: Interceptor | undefined,
  gone: AbortSignal,
  progress: Progress,
): Promise<WireAnswer> {
  const signature = readSignature(request.headers, request.query);
  const service = SERVICES.get(signature.service);
  if (service === undefined) {
    throw new AwsError(
      "UnknownOperationException",
      404,
      `The embedded AWS does not emulate ${signature.service}; it has ${[...SERVICES.keys()].join(", ")}.`,
    );
  }
  progress.service = service;
  if (request.tooLarge) throw new AwsError("RequestEntityTooLarge", 413, "The request body is too large.");
  const caller = identify(signature, cloud.sessions, cloud.clock.now());
  progress.account = caller.account;
  const around = async <T>(operation: string, act: () => Promise<T>): Promise<T> => {
    const call = { service: service.name, operation, account: caller.account };
    await suffer(await intercept?.({ phase: "before-effect", ...call }), gone);
    const result = await act();
    await suffer(await intercept?.({ phase: "after-effect", ...call }), gone);
    return result;
  };

  if ("operationOf" in service) {
    const operation = service.operationOf(request);
    if (OPERATION_NAME.test(operation)) progress.operation = operation;
    const answer = await around(progress.operation, async () => {
      cloud.settle();
      await cloud.delivered();
      return cloud.messaging.forward(request, caller.account, signature.region);
    });
    if (answer.status < 400 || errorCodeIn(answer) !== undefined) {
      return { ...answer, headers: { ...answer.headers, "x-amzn-requestid": requestId } };
    }
    throw new AwsError("MalformedInput", 400, `The embedded ${service.name} cannot read this request.`);
  }

  if (service.regions?.includes(signature.region) === false) {
    throw new AwsError(
      "InvalidSignatureException",
      403,
      `Credential should be scoped to a valid region, not '${signature.region}': ` +
        `${service.name} has an endpoint in ${service.regions.join(", ")} only.`,
    );
  }
  const { operation: name, read } = service.protocol.resolve(request);
  if (OPERATION_NAME.test(name)) progress.operation = name;
  const operation = service.operations.get(name);
  if (operation === undefined) throw service.protocol.unknownOperation(name);
  const output = await around(name, async () => {
    cloud.settle();
    const now = cloud.clock.now();
    const result = await operation.run(read, { caller, region: signature.region, now, cloud });
    // Whoever asks for messages after this answer finds those that the call sent.
    await cloud.delivered();
    return result;
  });
  return service.protocol.success(progress.operation, output, requestId);
}

/** The code in an error that another emulator answered. */
function errorCodeIn({ status, body }: WireAnswer): string | undefined {
  if (status < 400) return undefined;
  return (/"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body) ?? /<Code>([^<]+)<\/Code>/.exec(body))?.[1];
}

async function suffer(fault: Fault | undefined, gone: AbortSignal): Promise<void> {
  if (fault === undefined) return;
  if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: gone });
  if (fault.drop) throw new Dropped();
  if (fault.error !== undefined) {
    const { code, status, message } = fault.error;
    if (!(status >= 400 && status <= 599) || !/^[\w.:-]+$/.test(code)) {
      throw new RangeError("A fault's error has a status from 400 to 599 and a code of letters and digits");
    }
    throw new AwsError(code, status, message ?? `Injected fault: ${code}`);
  }
}

function internalFailure(error: unknown, cloud: Cloud): AwsError {
  cloud.noteFailure(error);
  return new AwsError(
    "InternalFailure",
    500,
    "The request processing has failed because of an unknown error.",
  );
}
