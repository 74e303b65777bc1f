import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { backup } from "./backup/service";
import type { Call, CallRecord, Fault } from "./call";
import { type Caller, identify } from "./caller";
import type { Cloud } from "./cloud";
import { dynamodb } from "./dynamodb/service";
import { AwsError } from "./errors";
import { iam } from "./iam/service";
import { identityStore } from "./identitystore/service";
import { sns, sqs } from "./messaging/services";
import { mpa } from "./mpa/service";
import { paymentCryptography } from "./paymentcryptography/service";
import type { HttpRequest, HttpResponse } from "./protocols/protocol";
import { protocolOfUnknownService } from "./protocols/unknownService";
import type { EmulatedService, ForwardedService, Service } from "./service";
import { readSignature } from "./signature";
import { sts } from "./sts/service";

const SERVICES: ReadonlyMap<string, Service> = new Map(
  [mpa, iam, sts, identityStore, backup, paymentCryptography, dynamodb, sns, sqs].map((item) => [
    item.name,
    item,
  ]),
);

/** Anything else is not logged as a name. */
const OPERATION_NAME = /^[A-Za-z]{1,64}$/;

/** Decides, at both phases of a call, which fault to inject. `undefined` injects none. */
export type Interceptor = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** An error that a test asks for. */
class InjectedError extends AwsError {}

/** Thrown to close the connection without a response. */
class ConnectionDropped extends Error {
  override readonly name = "Dropped";
}

/** A request on its way through the gateway, with what is known of it so far. */
interface Exchange {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly cloud: Cloud;
  readonly intercept: Interceptor | undefined;
  readonly abortSignal: AbortSignal;
  service: Service | undefined;
  operation: string;
  account: string | undefined;
  region: string | undefined;
}

export interface Outcome {
  readonly record: CallRecord;
  /** Undefined when the connection is to be dropped. */
  readonly answer: HttpResponse | undefined;
}

/** Answers a request to an API: finds caller and operation, injects faults, runs the operation. Never rejects. */
export async function handle(
  request: HttpRequest,
  cloud: Cloud,
  intercept: Interceptor | undefined,
  abortSignal: AbortSignal,
): Promise<Outcome> {
  const requestId = randomUUID();
  const exchange: Exchange = {
    ...{ request, requestId, cloud, intercept, abortSignal },
    ...{ service: undefined, operation: "unknown", account: undefined, region: undefined },
  };
  const outcome = (answer: HttpResponse | undefined, errorCode?: string): Outcome => {
    const { service, operation, account, region } = exchange;
    const time = cloud.clock.now();
    const record = { time, service: service?.name ?? "unknown", operation, account, region } as const;
    return { answer, record: { ...record, status: answer?.status, errorCode } };
  };
  try {
    const answer = await perform(exchange);
    return outcome(answer.status < 400 ? withDate(answer, cloud) : answer, errorCodeIn(answer));
  } catch (error) {
    if (error instanceof ConnectionDropped || abortSignal.aborted) return outcome(undefined);
    const protocol = exchange.service?.protocol ?? protocolOfUnknownService(request);
    const shown = error instanceof AwsError ? error : internalFailure(error, cloud);
    const failure = protocol.failure(shown, requestId);
    const answer =
      shown.code === "NoSuchEntity" && !(shown instanceof InjectedError) ? withDate(failure, cloud) : failure;
    return outcome(answer, protocol.codeOf(shown));
  }
}

/**
 * A client judges by AWS's time what has ended, and whether what is not found can have expired. Other errors have no date: the
 * AWS SDK takes a clock that a test has advanced for one of its own that is off, and retries errors.
 */
const withDate = (answer: HttpResponse, { clock }: Cloud): HttpResponse => ({
  ...answer,
  headers: { ...answer.headers, date: clock.now().toUTCString() },
});

async function perform(exchange: Exchange): Promise<HttpResponse> {
  const { request, cloud } = exchange;
  const signature = readSignature(request.headers, request.query);
  exchange.region = signature.region;
  const service = SERVICES.get(signature.service);
  if (service === undefined) {
    throw new AwsError(
      "UnknownOperationException",
      404,
      `The embedded AWS does not emulate ${signature.service}; it has ${[...SERVICES.keys()].join(", ")}.`,
    );
  }
  exchange.service = service;
  if (request.tooLarge) throw new AwsError("RequestEntityTooLarge", 413, "The request body is too large.");
  const caller = identify(signature, cloud.sessions, cloud.clock.now());
  exchange.account = caller.account;
  return "operationOf" in service
    ? forward(service, caller, signature.region, exchange)
    : run(service, caller, signature.region, exchange);
}

/** Has fauxqs answer. */
async function forward(
  service: ForwardedService,
  caller: Caller,
  region: string,
  exchange: Exchange,
): Promise<HttpResponse> {
  const { request, requestId, cloud } = exchange;
  noteOperation(service.operationOf(request), exchange);
  const answer = await withFaults({ service, operation: exchange.operation, caller }, exchange, async () => {
    cloud.applyDueTransitions();
    await cloud.publisher.delivered();
    return cloud.messaging.forward(request, caller.account, region);
  });
  if (answer.status < 400 || errorCodeIn(answer) !== undefined) {
    return { ...answer, headers: { ...answer.headers, "x-amzn-requestid": requestId } };
  }
  throw new AwsError("MalformedInput", 400, `The embedded ${service.name} cannot read this request.`);
}

async function run(
  service: EmulatedService,
  caller: Caller,
  region: string,
  exchange: Exchange,
): Promise<HttpResponse> {
  const { request, requestId, cloud } = exchange;
  if (service.regions?.includes(region) === false) {
    throw new AwsError(
      "InvalidSignatureException",
      403,
      `Credential should be scoped to a valid region, not '${region}': ` +
        `${service.name} has an endpoint in ${service.regions.join(", ")} only.`,
    );
  }
  const { operation: name, read } = service.protocol.resolve(request);
  noteOperation(name, exchange);
  const operation = service.operations.get(name);
  if (operation === undefined) throw service.protocol.unknownOperation(name);
  const output = await withFaults({ service, operation: name, caller }, exchange, async () => {
    cloud.applyDueTransitions();
    const result = await operation.run(read, { caller, region, now: cloud.clock.now(), cloud });
    // The messages that the call sent can be received as soon as it is answered.
    await cloud.publisher.delivered();
    return result;
  });
  return service.protocol.success(name, output, requestId);
}

function noteOperation(name: string, exchange: Exchange): void {
  if (OPERATION_NAME.test(name)) exchange.operation = name;
}

/** Runs the effect of a call that is not throttled, between the two phases in which the interceptor may inject a fault. */
async function withFaults<T>(
  { service, operation, caller }: { service: Service; operation: string; caller: Caller },
  { cloud, intercept, abortSignal }: Exchange,
  effect: () => Promise<T>,
): Promise<T> {
  const call = { service: service.name, operation, account: caller.account };
  if (!cloud.settings.rateLimiter.admit(call, cloud.clock.now())) throw service.protocol.throttled();
  await injectFault(await intercept?.({ phase: "before-effect", ...call }), abortSignal);
  const result = await effect();
  await injectFault(await intercept?.({ phase: "after-effect", ...call }), abortSignal);
  return result;
}

/** The error code in a response. */
function errorCodeIn({ status, body }: HttpResponse): string | undefined {
  if (status < 400) return undefined;
  return (/"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body) ?? /<Code>([^<]+)<\/Code>/.exec(body))?.[1];
}

async function injectFault(fault: Fault | undefined, abortSignal: AbortSignal): Promise<void> {
  if (fault === undefined) return;
  if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: abortSignal });
  if (fault.drop) throw new ConnectionDropped();
  if (fault.error !== undefined) {
    const { code, status, message } = fault.error;
    if (!(status >= 400 && status <= 599) || !/^[\w.:-]+$/.test(code)) {
      throw new RangeError("A fault's error has a status from 400 to 599 and a code of letters and digits");
    }
    throw new InjectedError(code, status, message ?? `Injected fault: ${code}`);
  }
}

function internalFailure(error: unknown, cloud: Cloud): AwsError {
  cloud.logFailure(error);
  return new AwsError(
    "InternalFailure",
    500,
    "The request processing has failed because of an unknown error.",
  );
}
