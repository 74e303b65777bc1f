import { GetHumanReadableSummaryCommand } from "@aws-sdk/client-iam";
import { conforms } from "../conformance";
import { CUSTOMER, failure, PARTNER } from "../harness";
import { created, DENIED, UNKNOWN } from "./delegationRequests";

const arnOf = (id: string) => `arn:aws:iam::${CUSTOMER}:delegation-request/${id}`;
const call = (EntityArn: string) => ({ caller: CUSTOMER, input: { EntityArn, Locale: "en" } });

const harness = conforms({
  service: "iam",
  operation: "GetHumanReadableSummary",
  example: async (running) => call(arnOf(await created(running))),
  sharper: { EntityArn: { why: "only delegation requests have a summary", code: "InvalidInput" } },
  errors: {
    InvalidInputException: () => call(`arn:aws:iam::${CUSTOMER}:role/no-request`),
    NoSuchEntityException: () => call(arnOf(UNKNOWN)),
    ServiceFailureException: "injected",
  },
});

it("tells of a request, with or without the account in its ARN, those who may read it", async () => {
  const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
  const summary = (who: string, EntityArn: string) =>
    harness().iam(who).send(new GetHumanReadableSummaryCommand({ EntityArn }));
  for (const arn of [arnOf(id), `arn:aws:iam:::delegation-request/${id}`]) {
    expect(await summary(CUSTOMER, arn)).toMatchObject({
      SummaryState: "AVAILABLE",
      SummaryContent: expect.stringContaining(PARTNER),
      Locale: "en",
    });
    expect(await failure(summary(PARTNER, arn))).toMatchObject(DENIED);
  }
});
