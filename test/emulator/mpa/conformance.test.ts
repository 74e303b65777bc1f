import { mpa } from "../../../src/emulator/mpa/service";
import { describeConformance } from "../conformance";
import { arnOf, PARTNER } from "../harness";
import { created, freshAccount, PARAMETERS, tagsOf, use } from "./identitySources";

const creation = { IdentitySourceParameters: PARAMETERS, ClientToken: "one", Tags: { stage: "dev" } };
const sourceCall = (caller: string, of = caller) => ({ caller, input: { IdentitySourceArn: arnOf(of) } });
const tagCall = (caller: string, more: object = {}, of = caller) => ({
  caller,
  input: { ResourceArn: arnOf(of), ...more },
});
const tagged = { Tags: { stage: "dev" } };

const ARN = {
  why: "the model calls it a string, and it must be the ARN of a resource",
  code: "ValidationException",
};
const INJECTED = { ThrottlingException: "injected", InternalServerException: "injected" } as const;

describeConformance(mpa, {
  CreateIdentitySource: {
    example: () => ({ caller: freshAccount(), input: creation }),
    restrictions: {
      "IdentitySourceParameters.IamIdentityCenter": {
        why: "the output calls it a union, and a union has one member",
        code: "ValidationException",
        required: true,
      },
    },
    errors: {
      ValidationException: () => ({
        caller: freshAccount(),
        input: { ...creation, Tags: { "aws:reserved": "" } },
      }),
      ServiceQuotaExceededException: async (running) => ({ caller: await created(running), input: creation }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  GetIdentitySource: {
    example: async (running) => sourceCall(await created(running)),
    restrictions: { IdentitySourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
      ResourceNotFoundException: () => sourceCall(freshAccount()),
      AccessDeniedException: async (running) => sourceCall(PARTNER, await created(running)),
      ...INJECTED,
    },
  },
  ListIdentitySources: {
    example: async (running) => ({ caller: await created(running), input: { MaxResults: 1 } }),
    restrictions: {
      NextToken: {
        why: "no response ever has one: an account has one source",
        code: "ValidationException",
      },
    },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  DeleteIdentitySource: {
    example: async (running) => sourceCall(await created(running)),
    restrictions: { IdentitySourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
      AccessDeniedException: async (running) => sourceCall(PARTNER, await created(running)),
      ConflictException: async (running) => {
        const account = await created(running);
        use(running, account);
        return sourceCall(account);
      },
      ...INJECTED,
    },
  },
  TagResource: {
    example: async (running) => tagCall(await created(running), tagged),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: async (running) =>
        tagCall(await created(running), { Tags: { "AWS:reserved": "" } }),
      ResourceNotFoundException: () => tagCall(freshAccount(), tagged),
      AccessDeniedException: async (running) => tagCall(PARTNER, tagged, await created(running)),
      TooManyTagsException: async (running) => tagCall(await created(running, { Tags: tagsOf(50) }), tagged),
      ...INJECTED,
    },
  },
  UntagResource: {
    example: async (running) => tagCall(await created(running, tagged), { TagKeys: ["stage"] }),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn", TagKeys: [] } }),
      ResourceNotFoundException: () => tagCall(freshAccount(), { TagKeys: ["stage"] }),
      AccessDeniedException: async (running) =>
        tagCall(PARTNER, { TagKeys: ["stage"] }, await created(running)),
      ...INJECTED,
    },
  },
  ListTagsForResource: {
    example: async (running) => tagCall(await created(running, tagged)),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn" } }),
      ResourceNotFoundException: () => tagCall(freshAccount()),
      AccessDeniedException: async (running) => tagCall(PARTNER, {}, await created(running)),
      ...INJECTED,
    },
  },
});
