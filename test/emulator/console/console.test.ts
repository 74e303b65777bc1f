import { AssociateDelegationRequestCommand, GetDelegationRequestCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Call, Fault } from "../../../src/emulator";
import {
  CUSTOMER,
  failure,
  type Harness,
  PARTNER,
  STRANGER,
  signed,
  startHarness,
  TEMPLATE_ARN,
} from "../harness";
import { act } from "../iam/delegationRequests";
import { getTeam, invitedTeam, PEOPLE, startUpdate, type Team } from "../mpa/approvalTeams";
import { actionsIn, createRequest, markupOf, tokenIn, Visitor } from "./visitor";

let harness: Harness;
let visitor: Visitor;
let fault: ((call: Call) => Fault | undefined) | undefined;
beforeEach(async () => {
  fault = undefined;
  harness = await startHarness({ intercept: (call) => fault?.(call) });
  visitor = new Visitor();
});
afterEach(() => harness.close());

const stored = (id: string) => harness.emulator.store.delegationRequests.get(id);
const called = () =>
  harness.emulator.calls.map(({ account, operation, status }) => [account, operation, status]);
const rootOf = (account: string) => `arn:aws:iam::${account}:root`;
const administratorOf = (account: string) => `arn:aws:sts::${account}:assumed-role/Administrator/console`;
const partnerReads = (id: string) =>
  harness.iam(PARTNER).send(new GetDelegationRequestCommand({ DelegationRequestId: id }));

const DETAILS = {
  Description: "Back up\nyour buckets",
  RequestMessage: "Workspace acme",
  RedirectUrl: "https://partner.example/done?id=1",
  SessionDuration: 5400,
  Permissions: {
    PolicyTemplateArn: TEMPLATE_ARN,
    Parameters: [
      { Name: "prefix", Type: "string" as const, Values: ["acme-"] },
      { Name: "regions", Type: "stringList" as const, Values: ["eu-west-1", "us-east-1"] },
    ],
  },
};

describe("the page of a delegation request", () => {
  it("shows who asks for what, for how long, and the permissions", async () => {
    const { id, link } = await createRequest(harness, DETAILS);
    const page = await visitor.open(link);
    expect(page.status).toBe(200);
    for (const shown of [
      "This is an emulator, not AWS.",
      "UNASSIGNED",
      `account ${PARTNER}`,
      "Back up your buckets",
      "Workspace acme",
      "1 hour 30 minutes from when the token is sent",
      TEMPLATE_ARN,
      "prefix acme-",
      "regions eu-west-1 us-east-1",
      '"Version": "2012-10-17"',
      "Expires 2026-03-02 12:00:00 UTC",
      id,
    ]) {
      expect(page.text).toContain(shown);
    }
    expect(page.html).toContain('<a href="https://partner.example/done?id=1" rel="noopener noreferrer">');
    expect(page.html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page.html).toContain("<title>UNASSIGNED – Temporary delegation request");
  });

  it("is neither cached nor framed nor able to load or run anything from elsewhere", async () => {
    const { headers } = await visitor.open((await createRequest(harness)).link);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
    });
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toContain("http");
  });

  it("reaches no call of the API by being looked at", async () => {
    const { link } = await createRequest(harness);
    await visitor.open(link);
    expect(called()).toEqual([[PARTNER, "CreateDelegationRequest", 200]]);
  });

  it("is where links of the first version's form lead, whatever the request has become", async () => {
    const { id, link } = await createRequest(harness);
    const old = `${harness.emulator.endpoint}/iam/home/delegation-requests/${id}`;
    for (const [query, method] of [
      ["", "GET"],
      ["", "HEAD"],
      ["", "POST"],
      ["?watch=", "GET"],
    ]) {
      const page = await visitor.open(`${old}${query}`, { method: String(method) });
      expect(page.status).toBe(308);
      expect(new URL(page.headers.get("location") ?? "", old).href).toBe(`${link}${query}`);
    }
    expect(await visitor.open(old, { redirect: "follow" })).toMatchObject({ status: 200 });
    expect(await visitor.open(`${old}0`, { redirect: "follow" })).toMatchObject({ status: 404 });
  });

  it("answers HEAD without a body", async () => {
    const { link } = await createRequest(harness);
    expect(await visitor.open(link, { method: "HEAD" })).toMatchObject({ status: 200, html: "" });
  });

  it("has a view for watching that reloads by itself and has no forms to lose", async () => {
    const { link } = await createRequest(harness);
    const page = await visitor.open(`${link}?watch`);
    expect(page.html).toContain('<meta http-equiv="refresh" content="3">');
    expect(actionsIn(page)).toEqual([]);
    expect((await visitor.open(link)).html).not.toContain("http-equiv");
  });
});

describe("the way to access", () => {
  it("is claimed, accepted and sent, each step an operation of IAM", async () => {
    const { id, link } = await createRequest(harness, DETAILS);
    expect(actionsIn(await visitor.open(link))).toEqual(["claim"]);

    harness.clock.advance("1m");
    const claimed = await visitor.click(link, "claim", { account: ` ${CUSTOMER} ` });
    expect(claimed).toMatchObject({ status: 200, text: expect.stringContaining("ASSIGNED – now") });
    expect(actionsIn(claimed)).toEqual(["accept", "forward", "reject"]);
    expect(stored(id)).toMatchObject({
      state: "ASSIGNED",
      ownerAccountId: CUSTOMER,
      ownerId: administratorOf(CUSTOMER),
    });

    harness.clock.advance("1m");
    const accepted = await visitor.click(link, "accept");
    expect(accepted.text).toContain("ACCEPTED – now");
    expect(actionsIn(accepted)).toEqual(["send", "reject"]);

    harness.clock.advance("1m");
    const sent = await visitor.click(link, "send");
    expect(sent.text).toContain("FINALIZED – now");
    expect(sent.text).toContain("The access ends 2026-03-01 13:33:00 UTC");
    expect(actionsIn(sent)).toEqual(["revoke"]);

    expect(called().slice(1)).toEqual([
      [CUSTOMER, "AssociateDelegationRequest", 200],
      [CUSTOMER, "AcceptDelegationRequest", 200],
      [CUSTOMER, "SendDelegationToken", 200],
    ]);
    const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute));
    expect(stored(id)?.history).toEqual([
      { state: "UNASSIGNED", at: at(0), by: rootOf(PARTNER) },
      { state: "ASSIGNED", at: at(1), by: administratorOf(CUSTOMER) },
      { state: "ACCEPTED", at: at(2), by: administratorOf(CUSTOMER) },
      { state: "FINALIZED", at: at(3), by: administratorOf(CUSTOMER) },
    ]);
    expect(sent.text).toContain(`ACCEPTED 2026-03-01 12:02:00 UTC by ${administratorOf(CUSTOMER)}`);
  });

  it("can be revoked, once, while it lasts", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const token = tokenIn(await visitor.open(link));
    for (const action of ["claim", "accept", "send"]) await visitor.click(link, action);
    const before = called().length;
    harness.clock.advance("10m");
    const revoked = await visitor.click(link, "revoke");
    expect(revoked.status).toBe(200);
    expect(revoked.text).toContain(
      `The access was revoked 2026-03-01 12:10:00 UTC by ${administratorOf(CUSTOMER)}`,
    );
    expect(revoked.html).toContain('data-news="The access was revoked."');
    expect(actionsIn(revoked)).toEqual([]);
    expect(stored(id)).toMatchObject({ state: "FINALIZED", revocation: { by: administratorOf(CUSTOMER) } });
    // AWS documents no API for it: there is no call to record.
    expect(called()).toHaveLength(before);
    const again = await visitor.post(link, { action: "revoke", token });
    expect(again).toMatchObject({ status: 409, text: expect.stringContaining("was revoked already") });
  });

  it("can no longer be revoked when it has ended, nor be before it is given", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const token = tokenIn(await visitor.open(link));
    for (const action of ["claim", "accept"]) await visitor.click(link, action);
    const early = await visitor.post(link, { action: "revoke", token });
    expect(early).toMatchObject({ status: 409, text: expect.stringContaining("Nothing was done") });
    await visitor.click(link, "send");
    harness.clock.advance("1h");
    const ended = await visitor.open(link);
    expect(ended.text).toContain("The access ended 2026-03-01 13:00:00 UTC");
    expect(ended.html).toContain('data-news="The access has ended."');
    expect(actionsIn(ended)).toEqual([]);
    expect(await visitor.post(link, { action: "revoke", token })).toMatchObject({ status: 409 });
  });

  it("cannot be revoked when the root user approved it", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const token = tokenIn(await visitor.open(link));
    for (const step of ["associate", "accept", "send"] as const) await act(harness, CUSTOMER, step, id);
    const page = await visitor.open(link);
    expect(actionsIn(page)).toEqual([]);
    expect(page.text).toContain("the root user has approved cannot be revoked");
    expect(await visitor.post(link, { action: "revoke", token })).toMatchObject({ status: 409 });
  });

  it("leads through the account that the request names, whatever the form says", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const page = await visitor.open(link);
    expect(page.html).not.toContain('name="account"');
    expect(page.text).toContain(`You act as the role Administrator of account ${CUSTOMER}`);
    await visitor.click(link, "claim", { account: STRANGER });
    expect(stored(id)).toMatchObject({ state: "ASSIGNED", ownerAccountId: CUSTOMER });
  });

  it("offers an example of an account other than the requester's", async () => {
    expect((await visitor.open((await createRequest(harness)).link)).html).toContain('value="222222222222"');
  });

  it("forwards with a note, and changes the note", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    await visitor.click(link, "claim");
    const forwarded = await visitor.click(link, "forward", { notes: "please look\r\nsoon" });
    expect(forwarded.text).toContain("PENDING_APPROVAL – now");
    expect(forwarded.text).toContain("Forwarded with the note please look soon");
    expect(stored(id)).toMatchObject({ state: "PENDING_APPROVAL", notes: "please look\nsoon" });
    expect(actionsIn(forwarded)).toEqual(["accept", "forward", "reject"]);
    await visitor.click(link, "forward", { notes: "today" });
    expect(stored(id)).toMatchObject({ state: "PENDING_APPROVAL", notes: "today" });
    expect(stored(id)?.history).toHaveLength(3);
    await visitor.click(link, "accept");
    expect(stored(id)?.state).toBe("ACCEPTED");
  });

  it.each([["claim"], ["claim", "forward"], ["claim", "accept"]])(
    "rejects with a reason after %s %s",
    async (...before) => {
      const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
      for (const action of before) await visitor.click(link, action);
      const rejected = await visitor.click(link, "reject", { notes: "we have backups" });
      expect(rejected.text).toContain("REJECTED – now");
      expect(rejected.text).toContain("“we have backups”");
      expect(actionsIn(rejected)).toEqual([]);
      expect(stored(id)).toMatchObject({ state: "REJECTED", rejectionReason: "we have backups" });
    },
  );

  it("rejects without a reason", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    await visitor.click(link, "claim");
    await visitor.click(link, "reject", { notes: "" });
    expect(stored(id)).toMatchObject({ state: "REJECTED" });
    expect(stored(id)).not.toHaveProperty("rejectionReason");
  });

  it("lets the requester keep reading while the box is ticked", async () => {
    const { id, link } = await createRequest(harness);
    await visitor.click(link, "claim", { account: CUSTOMER, keepReading: "on" });
    await expect(partnerReads(id)).resolves.toMatchObject({ DelegationRequest: { State: "ASSIGNED" } });
    expect((await visitor.open(link)).html).toMatch(/name="keepReading"[^>]* checked>/);
    await visitor.click(link, "accept");
    expect(await failure(partnerReads(id))).toMatchObject({ code: "AccessDenied" });
  });

  it("shows that only the owner may send the token, and lets nobody else", async () => {
    const { id, link } = await createRequest(harness, { OnlySendByOwner: true });
    const { Credentials: issued } = await harness
      .sts(CUSTOMER)
      .send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${CUSTOMER}:role/Admin`, RoleSessionName: "alice" }),
      );
    const alice = {
      accessKeyId: issued?.AccessKeyId ?? "",
      secretAccessKey: issued?.SecretAccessKey ?? "",
      sessionToken: issued?.SessionToken ?? "",
    };
    await harness.iam(alice).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
    const page = await visitor.click(link, "accept");
    expect(page.text).toContain(
      `Only the owner, arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice : the requestor has set OnlySendByOwner`,
    );
    expect(actionsIn(page)).toEqual(["reject"]);
    expect(page.text).toContain(`arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice : use the AWS CLI`);
    const refused = await visitor.click(link, "send");
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining("IAM answers AccessDenied") });
    expect(stored(id)?.state).toBe("ACCEPTED");
  });
});

describe("what can be undone", () => {
  it("is said for every state, with the command that does it", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    expect((await visitor.open(link)).text).toContain("A claim cannot be undone");
    expect((await visitor.click(link, "claim")).text).toContain(
      "Accepting can be undone until the token is sent",
    );
    const accepted = await visitor.click(link, "accept");
    expect(accepted.text).toContain(`expires 2026-03-08 12:00:00 UTC`);
    expect(accepted.text).toContain(
      `AWS_ENDPOINT_URL=${harness.emulator.endpoint} AWS_ACCESS_KEY_ID=${CUSTOMER}Administrator`,
    );
    expect(accepted.text).toContain(`aws iam reject-delegation-request --delegation-request-id ${id}`);
    const sent = await visitor.click(link, "send");
    expect(sent.text).toContain("can be revoked until it ends, 2026-03-01 13:00:00 UTC");
    expect(sent.text).toContain("no command of the AWS CLI does it");
    expect((await visitor.click(link, "revoke")).text).toContain("The access is over.");
  });

  it("is nothing after a rejection", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    await visitor.click(link, "claim");
    const { text } = await visitor.click(link, "reject");
    expect(text).toContain("A rejected request can be neither accepted nor updated. For access after all");
  });
});

describe("the endpoint in a browser", () => {
  const HTML = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
  const overview = () => visitor.open(`${harness.emulator.endpoint}/`, HTML);

  it("says what would appear when nothing is pending", async () => {
    const page = await overview();
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining("No pending decisions") });
    expect(page.text).toContain("No request waits for a decision. One appears here when");
    expect(page.text).toContain(
      "No invitation and no vote waits for an answer. Invitations appear here when",
    );
    expect(page.text).toContain(`AWS_ENDPOINT_URL=${harness.emulator.endpoint}`);
    expect(called()).toEqual([]);
  });

  it("lists requests by account, and those that were decided, with their links", async () => {
    const waiting = await createRequest(harness, { OwnerAccountId: CUSTOMER, Description: "<b>waits</b>" });
    await createRequest(harness, { Description: "x".repeat(200) });
    const decided = await createRequest(harness, { OwnerAccountId: CUSTOMER, Description: "is over" });
    await visitor.click(decided.link, "claim");
    await visitor.click(decided.link, "reject");
    const page = await overview();
    expect(page.text).toContain(`Account ${CUSTOMER} <b>waits</b> UNASSIGNED , asked by account ${PARTNER}`);
    expect(page.text).toContain(`For any account that claims it ${"x".repeat(120)}… `);
    expect(page.text).toMatch(/Decided lately is over REJECTED /);
    expect(page.html).not.toContain("<b>");
    for (const { link } of [waiting, decided])
      expect(page.html).toContain(`<a href="${new URL(link).pathname}">`);
  });

  it("lists invitations and votes, with the portal, and how votes ended", async () => {
    const team = await invitedTeam(harness);
    const portal = `<a href="/mpa/home/approval-portal/${team.account}">`;
    const invited = await overview();
    expect(invited.text).toContain("1 pending decision –");
    expect(invited.text).toContain("Invitation to the team ops No answer yet from alice , bob , carol");
    expect(invited.html).toContain(portal);
    for (const person of PEOPLE) harness.emulator.answerInvitation(team.arn, person, "ACCEPTED");
    const session = await startUpdate(harness, team);
    harness.emulator.vote(session, "alice", "APPROVED");
    expect((await overview()).text).toContain("mpa:UpdateApprovalTeam . No vote yet from bob , carol");
    harness.emulator.vote(session, "bob", "APPROVED");
    expect((await overview()).text).toMatch(/No invitation and no vote.*Decided lately .* APPROVED /);
  });

  it("leads back from an address that there is not", async () => {
    const page = await visitor.open(`${harness.emulator.endpoint}/approval-teams`, HTML);
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining("No such page") });
    expect(page.html).toContain('<a href="/">');
  });

  it.each([
    ["without text/html", "/", { accept: "*/*" }],
    ["signed", "/", { ...HTML.headers, ...signed("sts") }],
    ["presigned", "/?X-Amz-Credential=x", HTML.headers],
  ])("answers a GET as the API %s", async (_name, path, headers) => {
    const answer = await visitor.open(`${harness.emulator.endpoint}${path}`, { headers });
    expect(answer.headers.get("content-type")).toContain("xml");
  });

  it("answers a POST as the API, whatever it accepts", async () => {
    const answer = await visitor.open(harness.emulator.endpoint, { method: "POST", ...HTML });
    expect(answer).toMatchObject({
      status: 403,
      html: expect.stringContaining("MissingAuthenticationToken"),
    });
  });
});

describe("what goes wrong is a page with its status", () => {
  const open = (path: string, init?: RequestInit) =>
    visitor.open(`${harness.emulator.endpoint}${path}`, init);

  it.each([
    ["/iam/account-access-requests/review/never-was-there-at-all", "No such delegation request"],
    ["/iam/account-access-requests", "No such page"],
    ["/iam/account-access-requests/review/", "No such page"],
    ["/iam/account-access-requests/review/%3Cscript%3E", "No such page"],
    ["/iam/home", "No such page"],
    ["/iam/home/delegation-requests/", "No such page"],
    ["/iam/home/delegation-requests/%3Cscript%3E", "No such page"],
    ["/mpa/home/approval-portal/1", "No such page"],
    [`/mpa/home/approval-portal/${STRANGER}`, "No identity source"],
  ])("404: %s", async (path, title) => {
    const page = await open(path);
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining(title) });
    expect(page.html).toContain(`<title>${title} – Emulated AWS</title>`);
  });

  it("410 for a request that has expired, 404 once it is deleted", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    await visitor.click(link, "claim");
    harness.clock.advance("7d");
    const expired = await visitor.open(link);
    expect(expired).toMatchObject({ status: 410, text: expect.stringContaining("EXPIRED – now") });
    expect(expired.text).toContain("by itself");
    expect(actionsIn(expired)).toEqual([]);
    harness.clock.advance("1d");
    expect(await visitor.open(link)).toMatchObject({ status: 404 });
    expect(await visitor.post(link, { action: "accept" })).toMatchObject({ status: 404 });
  });

  it("410 for a decision that comes too late", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const page = await visitor.open(link);
    harness.clock.advance("1d");
    const token = tokenIn(page);
    const late = await visitor.post(link, { action: "claim", token });
    expect(late).toMatchObject({ status: 410, text: expect.stringContaining("IAM answers InvalidInput") });
  });

  it("409 for what the state forbids, and the page as it is now", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const page = await visitor.open(link);
    const token = tokenIn(page);
    for (const action of ["accept", "forward", "reject", "send"]) {
      // Nobody owns it yet, but the account that it names may act: only the state speaks against it.
      expect(await visitor.post(link, { action, token })).toMatchObject({ status: 409 });
    }
    await visitor.click(link, "claim");
    const again = await visitor.post(link, { action: "claim", token });
    expect(again).toMatchObject({ status: 409, text: expect.stringContaining("ASSIGNED – now") });
    expect(again.html).toContain('role="alert"');
  });

  it.each(["", "12345678901", "1234567890123", "abcdefghijkl"])(
    "400 for the account '%s'",
    async (account) => {
      const { id, link } = await createRequest(harness);
      const page = await visitor.click(link, "claim", { account });
      expect(page).toMatchObject({
        status: 400,
        text: expect.stringContaining("An AWS account is 12 digits."),
      });
      expect(page.html).toContain(`name="account" value="${account || "222222222222"}"`);
      expect(stored(id)?.state).toBe("UNASSIGNED");
    },
  );

  it("400 for a note that AWS refuses, which is kept", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    await visitor.click(link, "claim");
    const page = await visitor.click(link, "reject", { notes: "later → never" });
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining("IAM answers ValidationError") });
    expect(page.html).toMatch(/<details open><summary>Reject/);
    expect(page.html).toMatch(/<textarea id="reject-notes"[^>]*>\nlater → never<\/textarea>/);
    expect(stored(id)?.state).toBe("ASSIGNED");
  });

  it("400 for an action that there is not", async () => {
    const { link } = await createRequest(harness);
    expect(await visitor.click(link, "toString")).toMatchObject({ status: 400 });
    expect(await visitor.click(link, "")).toMatchObject({ status: 400 });
  });

  it.each(["PUT", "DELETE", "PATCH"])("405 for %s", async (method) => {
    const page = await visitor.open((await createRequest(harness)).link, { method });
    expect(page.status).toBe(405);
    expect(page.headers.get("allow")).toBe("GET, HEAD, POST");
  });

  it("405 for a post to a page that takes none", async () => {
    const page = await open("/mpa/home/nowhere", { method: "POST" });
    expect(page.status).toBe(405);
    expect(page.headers.get("allow")).toBe("GET, HEAD");
  });

  it("413 and 415 for bodies that no form sends", async () => {
    const { link } = await createRequest(harness);
    const origin = harness.emulator.endpoint;
    const post = (body: string, type: string) =>
      visitor.open(link, { method: "POST", body, headers: { origin, "content-type": type } });
    expect(await post("x".repeat(5 * 1024 * 1024), "application/x-www-form-urlencoded")).toMatchObject({
      status: 413,
    });
    expect(await post("{}", "application/json")).toMatchObject({ status: 415 });
  });

  it("an interceptor's fault, as for every client", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    fault = () => ({ error: { status: 503, code: "ServiceFailure", message: 'a < b & "c"' } });
    const page = await visitor.click(link, "claim");
    expect(page).toMatchObject({ status: 503, text: expect.stringContaining('ServiceFailure: a < b & "c"') });
    fault = () => ({ drop: true });
    await expect(visitor.click(link, "claim")).rejects.toThrow();
    fault = undefined;
    expect(stored(id)?.state).toBe("UNASSIGNED");
  });
});

describe("hostile input", () => {
  const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)></textarea></title>&amp;`;
  const asking = (text: string) => ({
    Description: text,
    RequestMessage: text,
    RedirectUrl: "http://partner.example/?a=1&b=2",
    Permissions: {
      PolicyTemplateArn: `arn:aws:iam:::delegation-template/${text}`,
      Parameters: [
        { Name: text, Type: "string" as const, Values: [text] },
        { Name: `${text}2`, Type: "stringList" as const, Values: [text, text] },
      ],
    },
  });

  /** Everything that a request can come to show, page by page. */
  async function tour(text: string) {
    const pages = [];
    const { link } = await createRequest(harness, asking(text));
    pages.push(await visitor.open(link), await visitor.click(link, "claim", { account: text }));
    await visitor.click(link, "claim", { account: CUSTOMER });
    pages.push(await visitor.click(link, "reject", { notes: `${text}→` }));
    pages.push(await visitor.click(link, "forward", { notes: text }), await visitor.open(`${link}?watch`));
    pages.push(await visitor.click(link, "reject", { notes: text }));
    return pages;
  }

  it("is shown as it is and never becomes markup", async () => {
    const [hostile, harmless] = [await tour(HOSTILE), await tour("harmless")];
    expect(hostile.map(markupOf)).toEqual(harmless.map(markupOf));
    for (const { html, text } of hostile) {
      expect(html).not.toMatch(/<script>alert|<img/);
      expect(text).toContain(`Description ${HOSTILE} Message ${HOSTILE}`);
      expect(text).toContain(`${HOSTILE} ${HOSTILE}`);
    }
    expect(hostile.at(-1)?.text).toContain(`“${HOSTILE}”`);
  });

  it("is shown as it is on the approval portal", async () => {
    const portal = async (account: string, text: string) => {
      await harness.mpa(account, "POST", "/identity-sources", {
        IdentitySourceParameters: {
          IamIdentityCenter: {
            InstanceArn: `arn:${text}:sso:::instance/ssoins-1234567890abcdef`,
            Region: text,
          },
        },
        Tags: { [text]: text },
      });
      harness.clock.advance("1m");
      return visitor.open(`${harness.emulator.endpoint}/mpa/home/approval-portal/${account}`);
    };
    harness.emulator.identitySourceCreation = {
      outcome: { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: HOSTILE },
    };
    const hostile = await portal(CUSTOMER, HOSTILE);
    expect(markupOf(hostile)).toEqual(markupOf(await portal(STRANGER, "harmless")));
    expect(hostile.text).toContain(`IDC_INSTANCE_NOT_FOUND : ${HOSTILE}`);
    expect(hostile.text).toContain(`${HOSTILE} ${HOSTILE}`);
  });
});

describe("the approval portal", () => {
  it("is where the identity source's ApprovalPortalUrl leads", async () => {
    await harness.mpa(CUSTOMER, "POST", "/identity-sources", {
      IdentitySourceParameters: {
        IamIdentityCenter: {
          InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
          Region: "eu-west-1",
        },
      },
      Tags: { team: "security" },
    });
    const { body } = await harness.mpa(CUSTOMER, "POST", "/identity-sources/?List");
    const [, url = ""] = /"ApprovalPortalUrl":"([^"]+)"/.exec(JSON.stringify(body)) ?? [];
    const creating = await visitor.open(url);
    expect(creating).toMatchObject({ status: 200, text: expect.stringContaining("CREATING") });
    harness.clock.advance("1m");
    const page = await visitor.open(url);
    for (const shown of [
      "This is an emulator, not AWS.",
      "ACTIVE The identity source is connected.",
      "arn:aws:sso:::instance/ssoins-1234567890abcdef",
      "eu-west-1",
      "team security",
      "There is no approval team yet.",
      "No session waits for votes.",
    ]) {
      expect(page.text).toContain(shown);
    }
  });

  describe("with a team", () => {
    let team: Team;
    let portal: string;
    beforeEach(async () => {
      team = await invitedTeam(harness, { Description: `Decides "all" <b>of</b> it` });
      portal = `${harness.emulator.endpoint}/mpa/home/approval-portal/${team.account}`;
    });
    const acceptAll = async () => {
      for (const person of PEOPLE) await visitor.click(portal, "accept", { subject: team.arn, person });
    };

    it("is where its approvers accept", async () => {
      const page = await visitor.open(portal);
      expect(page.text).toContain('Decides "all" <b>of</b> it');
      expect(page.html).not.toContain("<b>of");
      expect(actionsIn(page)).toEqual(PEOPLE.flatMap(() => ["accept", "reject"]));
      const accepted = await visitor.click(portal, "accept", { subject: team.arn, person: "alice" });
      expect(accepted).toMatchObject({ status: 200, text: expect.stringContaining("alice ACCEPTED") });
      expect(actionsIn(accepted)).toHaveLength(4);
      await visitor.click(portal, "accept", { subject: team.arn, person: "bob" });
      const active = await visitor.click(portal, "accept", { subject: team.arn, person: "carol" });
      expect(active.text).toContain("ops ACTIVE");
      expect(actionsIn(active)).toEqual([]);
      expect(await getTeam(harness, team)).toMatchObject({ Status: "ACTIVE" });
    });

    it("is where its members vote, each once", async () => {
      await acceptAll();
      const subject = await startUpdate(harness, team);
      const page = await visitor.open(portal);
      expect(page.text).toContain("0 of 2 approvals. Ends");
      expect(actionsIn(page)).toEqual(PEOPLE.flatMap(() => ["approve", "disapprove"]));
      const token = tokenIn(page);
      await visitor.click(portal, "approve", { subject, person: "alice" });
      const again = await visitor.post(portal, { action: "approve", subject, person: "alice", token });
      expect(again).toMatchObject({
        status: 409,
        text: expect.stringContaining("alice has no vote to give"),
      });
      expect(again.text).toContain(`aws mpa cancel-session --session-arn ${subject}`);
      const done = await visitor.click(portal, "approve", { subject, person: "bob" });
      expect(done.text).toContain("The vote cannot be taken back.");
      expect(done.text).toContain("No session waits for votes.");
      expect(await getTeam(harness, team)).toMatchObject({ Description: "Decides about all of it" });
    });

    it("takes nothing from elsewhere, nor for another account", async () => {
      const fields = { action: "accept", subject: team.arn, person: "alice" };
      const token = tokenIn(await visitor.open(portal));
      const foreign = { origin: "http://elsewhere.example" };
      expect(await visitor.post(portal, { ...fields, token }, foreign)).toMatchObject({ status: 403 });
      expect(await visitor.post(portal, { ...fields, token: "forged" })).toMatchObject({ status: 403 });
      expect(await new Visitor().post(portal, { ...fields, token })).toMatchObject({ status: 403 });
      expect(await visitor.post(portal, { ...fields, action: "none", token })).toMatchObject({ status: 409 });
      const others = await invitedTeam(harness);
      const crossed = await visitor.post(portal, { ...fields, subject: others.arn, token });
      expect(crossed).toMatchObject({ status: 409, text: expect.stringContaining("no such team") });
      for (const { arn } of [team, others])
        expect(harness.emulator.store.approvalTeams.get(arn)?.approvers[0]?.response).toBe("PENDING");
    });
  });
});
