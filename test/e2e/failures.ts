// Every way to fail with a secret: what the program, its configuration or AWS's answer has of it.

import * as pulumi from "@pulumi/pulumi";
import type { iam, mpa } from "pulumi-aws-approvals";
import * as dynamic from "pulumi-aws-approvals";
import * as plugin from "pulumi-aws-approvals/plugin";
import { CUSTOMER, PARTNER } from "./awsFixture";
import type { Operation } from "./engines";

/** Made of characters that nothing else prints. Not itself valid as anything but a text. */
export interface SecretText {
  text: string;
  /** Of nine digits, too large for any bound. */
  number: number;
}

export interface Failure {
  title: string;
  /** Declares what fails. */
  declare(secret: SecretText): unknown;
  config?: (secret: SecretText) => Record<string, string>;
  /** The error that AWS answers to the operation. */
  answer?: { to: string; code: string };
  /** The message of AWS's error. */
  quote?: (value: string) => string;
  operation: Operation;
}

/** What declares resources, and calls functions. */
interface Front {
  iam: Pick<typeof dynamic.iam, "DelegationRequest">;
  mpa: Pick<typeof dynamic.mpa, "IdentitySource">;
  sts: Pick<typeof dynamic.sts, "getDelegatedAccessToken">;
  Provider: new (name: string, args: Arbitrary<dynamic.ProviderArgs>) => pulumi.ProviderResource;
}

const hidden = pulumi.secret;

const request = {
  ownerAccountId: CUSTOMER,
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const iamIdentityCenter = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  region: "us-east-1",
};

/** Types say what may be given; a program in JavaScript, or a value of the configuration, can be anything. */
type Arbitrary<Args> = { [Name in keyof Args]?: unknown };

const ask =
  ({ iam }: Front) =>
  (args: Arbitrary<iam.DelegationRequestArgs>, opts?: pulumi.CustomResourceOptions) =>
    new iam.DelegationRequest("it", { ...request, ...args } as iam.DelegationRequestArgs, opts);
const connect =
  ({ mpa }: Front) =>
  (args: Arbitrary<mpa.IdentitySourceArgs>) =>
    new mpa.IdentitySource("it", { iamIdentityCenter, ...args } as mpa.IdentitySourceArgs);

/** Arguments of a request that its check refuses. */
const BAD_REQUESTS: Record<string, (secret: SecretText) => Arbitrary<iam.DelegationRequestArgs>> = {
  "an account that is none": ({ text }) => ({ ownerAccountId: hidden(text) }),
  "a description that is too long": ({ text }) => ({ description: hidden(text.repeat(100)) }),
  "a description of other characters": ({ text }) => ({ description: hidden(`${text} 😀`) }),
  "a description that is a list": ({ number }) => ({ description: hidden([number]) }),
  "a message that is too long": ({ text }) => ({ requestMessage: hidden(text.repeat(20)) }),
  "a workflow id of other characters": ({ text }) => ({ requestorWorkflowId: hidden(`${text} 😀`) }),
  "a URL that is none": ({ text }) => ({ redirectUrl: hidden(text) }),
  "a topic that is none": ({ text }) => ({ notificationChannel: hidden(text) }),
  "a duration that is a text": ({ text }) => ({ sessionDuration: hidden(text) }),
  "a duration that is too long": ({ number }) => ({ sessionDuration: hidden(number) }),
  "a flag that is a text": ({ text }) => ({ onlySendByOwner: hidden(text) }),
  "a state that is none": ({ text }) => ({ renewWhen: [hidden(text)] }),
  "a generation that is an object": ({ text }) => ({ generation: hidden({ text }) }),
  "permissions that are a text": ({ text }) => ({ permissions: hidden(text) }),
  "a template that is none": ({ text }) => ({ permissions: { policyTemplateArn: hidden(text) } }),
  "a parameter that is wrong in every way": ({ text, number }) => ({
    permissions: {
      ...request.permissions,
      parameters: hidden([{ name: `${text}😀`, type: text, values: [number, `${text}😀`], colour: text }]),
    },
  }),
  "an argument that is not known": ({ text }) => ({ discription: hidden(text) }) as object,
};

/** Arguments of a source that its check refuses. */
const BAD_SOURCES: Record<string, (secret: SecretText) => Arbitrary<mpa.IdentitySourceArgs>> = {
  "an instance that is none": ({ text }) => ({
    iamIdentityCenter: hidden({ instanceArn: text, region: `${text} ${text}` }),
  }),
  "an instance that is a text": ({ text }) => ({ iamIdentityCenter: hidden(text) }),
  "a token that is too long": ({ text }) => ({ clientToken: hidden(text.repeat(400)) }),
  "a flag of a source that is a text": ({ text }) => ({ adopt: hidden(text) }),
  "tags that are a text": ({ text }) => ({ tags: hidden(text) }),
  "tags that are too long, or numbers": ({ text, number }) => ({
    tags: { long: hidden(text.repeat(30)), number: hidden(number) },
  }),
  "a region that is none": ({ text }) => ({ region: hidden(text) }),
  "a time-out that is none": ({ text }) => ({ timeouts: { create: hidden(text) } }),
};

/** Arguments of a provider that cannot be read. */
const BAD_PROVIDERS: Record<string, (secret: SecretText) => Arbitrary<dynamic.ProviderArgs>> = {
  "a provider's account that is none": ({ text }) => ({ allowedAccountIds: hidden([text]) }),
  "a provider's role that is a text": ({ text }) => ({ assumeRoles: hidden([text]) }),
  "a provider's retries that are no number": ({ text }) => ({ maxRetries: hidden(text) }),
};

const role = { roleArn: "arn:aws:iam::333333333333:role/deploy" };

/** Configurations that cannot be read. */
const BAD_CONFIGURATIONS: Record<string, (secret: SecretText) => Record<string, string>> = {
  "roles that are not JSON": ({ text }) => ({ "aws:assumeRoles": text }),
  "roles whose JSON ends too early": ({ text }) => ({ "aws:assumeRoles": `[{"roleArn":"${text}"` }),
  "roles that are a text": ({ text }) => ({ "aws:assumeRoles": JSON.stringify(text) }),
  "a role that is a text": ({ text }) => ({ "aws:assumeRoles": JSON.stringify([text]) }),
  "a role's duration that is none": ({ text }) => ({
    "aws:assumeRoles": JSON.stringify([{ ...role, externalId: text, duration: text }]),
  }),
  "endpoints that are not JSON": ({ text }) => ({ "aws:endpoints": text }),
  "endpoints that are a text": ({ text }) => ({ "aws:endpoints": JSON.stringify(text) }),
  "retries that are no number": ({ text }) => ({ "aws:maxRetries": text }),
  "allowed accounts that are not JSON": ({ text }) => ({ "aws:allowedAccountIds": text }),
  "a forbidden account that is none": ({ text }) => ({ "aws:forbiddenAccountIds": JSON.stringify([text]) }),
  "an access key without its secret": ({ text }) => ({ "aws-approvals:accessKey": text }),
};

/** Configurations with which no call succeeds. */
const FAILING_CONFIGURATIONS: Record<string, (secret: SecretText) => Record<string, string>> = {
  "a profile that is not there": ({ text }) => ({ "aws:profile": text }),
  "a region of other characters": ({ text }) => ({ "aws:region": `${text} ${text}` }),
  "an endpoint that is no URL": ({ text }) => ({ "aws:endpoints": JSON.stringify([{ iam: text }]) }),
  "an endpoint with a password that cannot be reached": ({ text }) => ({
    "aws:endpoints": JSON.stringify([{ iam: `http://${text}:${text}@127.0.0.1:1/${text}` }]),
  }),
};

/** How AWS's messages repeat what they are about. */
const QUOTATIONS: ((value: string) => string)[] = [
  (value) => `1 validation error detected: Value '${value}' at 'name' failed to satisfy constraint: no`,
  (value) => `Values '[Parameter(name=${value}, values=[${value.slice(0, 8)}])]' at 'parameters' failed`,
  (value) => `Invalid input: ${value} is not allowed for ${value}.`,
];

const values = (text: string) => [{ name: "token", type: "string", values: [hidden(text)] }];

/** Inputs that AWS refuses, and the operation that it refuses them to. */
const refused = (front: Front): Omit<Failure, "operation">[] => [
  {
    title: "a request that AWS refuses",
    declare: ({ text }) =>
      ask(front)({
        ...{ description: hidden(text), requestMessage: hidden(`${text} again`) },
        permissions: { ...request.permissions, parameters: values(text) },
      }),
    answer: { to: "CreateDelegationRequest", code: "ValidationError" },
  },
  {
    title: "a workflow id that AWS refuses",
    declare: ({ text }) => ask(front)({ requestorWorkflowId: hidden(text) }),
    answer: { to: "CreateDelegationRequest", code: "InvalidInput" },
  },
  {
    title: "a workflow id that was used before",
    declare: ({ text }) => ask(front)({ requestorWorkflowId: hidden(text) }),
    answer: { to: "CreateDelegationRequest", code: "EntityAlreadyExists" },
  },
  {
    title: "a token that AWS refuses",
    declare: ({ text }) => connect(front)({ clientToken: hidden(text) }),
    answer: { to: "CreateIdentitySource", code: "ValidationException" },
  },
  {
    title: "tags that AWS refuses",
    declare: ({ text }) => connect(front)({ adopt: true, tags: { team: hidden(text) } }),
    answer: { to: "TagResource", code: "ValidationException" },
  },
  {
    title: "a trade-in token that AWS refuses",
    declare: ({ text }) => ({ access: front.sts.getDelegatedAccessToken({ tradeInToken: hidden(text) }) }),
    answer: { to: "GetDelegatedAccessToken", code: "ValidationError" },
  },
  {
    title: "a role that may not be assumed",
    declare: () => ask(front)({}),
    config: ({ text }) => ({
      "aws:assumeRoles": JSON.stringify([{ ...role, externalId: text, tags: { text } }]),
    }),
    answer: { to: "AssumeRole", code: "AccessDenied" },
  },
];

type Configs = Record<string, NonNullable<Failure["config"]>>;

const previewsOf = <Args>(
  args: Record<string, (secret: SecretText) => Args>,
  declare: (args: Args) => unknown,
) =>
  Object.entries(args).map(
    ([title, make]): Failure => ({ title, declare: (secret) => declare(make(secret)), operation: "preview" }),
  );
const configured = (front: Front, configs: Configs, operation: Operation) =>
  Object.entries(configs).map(
    ([title, config]): Failure => ({ title, declare: () => ask(front)({}), config, operation }),
  );

/** Pulumi shows a plugin its own keys only. */
const withOwnKeys = ({ config, ...failure }: Failure): Failure => ({
  ...failure,
  ...(config && {
    config: (secret) =>
      Object.fromEntries(
        Object.entries(config(secret)).map(([key, value]) => [key.replace(/^aws:/, "aws-approvals:"), value]),
      ),
  }),
});

const failuresWith = (front: Front, quotation: number): Failure[] => [
  ...previewsOf(BAD_REQUESTS, ask(front)),
  ...previewsOf(BAD_SOURCES, connect(front)),
  ...previewsOf(BAD_PROVIDERS, (args) => ask(front)({}, { provider: new front.Provider("p", args) })),
  ...configured(front, BAD_CONFIGURATIONS, "preview"),
  ...configured(front, FAILING_CONFIGURATIONS, "up"),
  ...refused(front).map((one) => ({ ...one, operation: "up" as const, quote: QUOTATIONS[quotation] })),
];

/** By front. @param quotation which of {@link quotations} AWS's messages use */
export const failures: Record<"dynamic provider" | "plugin", (quotation: number) => Failure[]> = {
  "dynamic provider": (quotation) => failuresWith(dynamic as Front, quotation),
  plugin: (quotation) => failuresWith(plugin as Front, quotation).map(withOwnKeys),
};

export const quotations = QUOTATIONS.length;
