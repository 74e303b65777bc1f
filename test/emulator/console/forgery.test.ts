import { request as httpRequest } from "node:http";
import { CUSTOMER, type Harness, startHarness } from "../harness";
import { createRequest, tokenIn, Visitor } from "./visitor";

let harness: Harness;
let visitor: Visitor;
let id: string;
let link: string;
beforeEach(async () => {
  harness = await startHarness();
  visitor = new Visitor();
  ({ id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER }));
});
afterEach(async () => {
  await harness.close();
});

const state = () => harness.emulator.store.delegationRequests.get(id)?.state;
const token = async () => tokenIn(await visitor.open(link));

/** Sends what `fetch` would not let a program say about itself. */
const send = (headers: Record<string, string>, method = "GET", body = "", url = link) =>
  new Promise<number | undefined>((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    outgoing.on("error", reject).end(body);
  });

describe("a form's token", () => {
  it("is good as often as the form is sent", async () => {
    const good = await token();
    expect(await visitor.post(link, { action: "claim", token: good })).toMatchObject({ status: 303 });
    expect(await visitor.post(link, { action: "accept", token: good })).toMatchObject({ status: 303 });
    expect(state()).toBe("ACCEPTED");
  });

  it("stays the same while other pages are opened", async () => {
    const first = await token();
    await visitor.open((await createRequest(harness)).link);
    expect(await token()).toBe(first);
  });

  const stale = {
    missing: async (): Promise<Record<string, string>> => ({}),
    empty: async () => ({ token: "" }),
    "made up": async () => ({ token: "A".repeat((await token()).length) }),
    "another request's": async () => ({
      token: tokenIn(await visitor.open((await createRequest(harness)).link)),
    }),
    "another browser's": async () => ({ token: tokenIn(await new Visitor().open(link)) }),
  };
  it.each(Object.entries(stale))("does nothing when it is %s", async (_name, fields) => {
    const form = await fields();
    await visitor.open(link);
    const page = await visitor.post(link, { action: "claim", ...form });
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining("the form is no longer valid") });
    expect(state()).toBe("UNASSIGNED");
    // The page comes with a good one.
    expect(await visitor.post(link, { action: "claim", token: tokenIn(page) })).toMatchObject({
      status: 303,
    });
  });

  it("does nothing without the browser's cookie", async () => {
    const good = await token();
    visitor.cookie = "";
    expect(await visitor.post(link, { action: "claim", token: good })).toMatchObject({ status: 403 });
    expect(state()).toBe("UNASSIGNED");
  });

  it("ends with the emulator that gave it, even to a request of the same id", async () => {
    await using other = await startHarness();
    const request = harness.emulator.store.delegationRequests.get(id);
    if (request === undefined) throw new Error("no request");
    // What a restarted emulator would have if it kept its requests.
    const { delegationRequests } = other.emulator.store;
    if (!(delegationRequests instanceof Map)) throw new Error("no map");
    delegationRequests.set(id, request);
    const there = link.replace(harness.emulator.endpoint, other.emulator.endpoint);
    expect(await visitor.post(there, { action: "claim", token: await token() })).toMatchObject({
      status: 403,
    });
    expect(state()).toBe("UNASSIGNED");
  });

  it("keeps a cookie that scripts cannot read and other sites' posts do not bring", async () => {
    const { headers } = await visitor.open(link);
    expect(headers.get("set-cookie")).toMatch(
      /^[\w-]+=[\w-]{22}; Path=\/iam\/account-access-requests; HttpOnly; SameSite=Lax$/,
    );
    expect((await visitor.open(link)).headers.get("set-cookie")).toBeNull();
  });
});

describe("a post", () => {
  it.each<[string, Record<string, string>]>([
    ["of another site", { origin: "https://evil.example" }],
    ["of another port", { origin: "http://127.0.0.1:1" }],
    ["of a sandboxed page", { origin: "null" }],
    ["that says nothing of where it comes from", { origin: "" }],
    ["that the browser calls cross-site", { "sec-fetch-site": "cross-site" }],
    ["that the browser calls same-site", { "sec-fetch-site": "same-site" }],
  ])("%s does nothing", async (_name, headers) => {
    const page = await visitor.post(link, { action: "claim", token: await token() }, headers);
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining("Nothing was done.") });
    expect(page.html).not.toContain('name="token"');
    expect(state()).toBe("UNASSIGNED");
  });

  it("of its own page is taken, under localhost too", async () => {
    const local = link.replace("127.0.0.1", "localhost");
    const port = String(harness.emulator.port);
    const headers = {
      host: `localhost:${port}`,
      origin: `http://localhost:${port}`,
      "sec-fetch-site": "same-origin",
    };
    const body = new URLSearchParams({ action: "claim", token: await token() }).toString();
    const form = { ...headers, cookie: visitor.cookie, "content-type": "application/x-www-form-urlencoded" };
    expect(local).not.toBe(link);
    expect(await send(form, "POST", body)).toBe(303);
    expect(state()).toBe("ASSIGNED");
  });
});

describe("a name that another site points at this machine", () => {
  it.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"])(
    "%s gets nothing",
    async (host) => {
      expect(await send({ host })).toBe(421);
      expect(await send({ host, accept: "text/html" }, "GET", "", new URL("/", link).href)).toBe(421);
      const body = new URLSearchParams({ action: "claim", token: await token() }).toString();
      const form = { host, origin: `http://${host}`, cookie: visitor.cookie };
      expect(await send({ ...form, "content-type": "application/x-www-form-urlencoded" }, "POST", body)).toBe(
        421,
      );
      expect(state()).toBe("UNASSIGNED");
    },
  );
});
