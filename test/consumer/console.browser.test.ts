import { AcceptDelegationRequestCommand } from "@aws-sdk/client-iam";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findOnPath } from "../../tools/findOnPath";
import { createRequest } from "../emulator/console/visitor";
import { CUSTOMER, type Harness, PARTNER, startHarness, TEMPLATE_ARN } from "../emulator/harness";
import { leaveOut } from "../leaveOut";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const executablePath = findOnPath(...NAMES);
const APPEARANCES = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 320 },
] as const;
const described = executablePath === undefined ? describe.skip : describe;
if (executablePath === undefined) {
  leaveOut("the console in a real browser", `there is no ${NAMES.join(", ")} on the PATH`);
}

described("in a real browser", () => {
  let browser: Browser;
  let harness: Harness;
  beforeAll(async () => {
    browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }) });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await harness.close();
  });

  const stored = (id: string) => harness.emulator.store.delegationRequests.get(id);

  /** A page, and what its browser complained of: refused by its policy, thrown by its script, asked by a dialog. */
  async function open(url: string, options: BrowserContextOptions = {}) {
    const page = await (await browser.newContext(options)).newPage();
    // The page looks for news every two seconds: those of a clock that the test turns.
    await page.clock.install();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(url);
    return { page, complaints };
  }

  /** Goes on by Tab until the control of that name has the focus, which must be seen wherever it is. */
  async function tabTo(page: Page, name: string): Promise<string[]> {
    const passed: string[] = [];
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      const [focused, outline] = await page.evaluate<[string, string]>(`(() => {
        const element = document.activeElement;
        const name = element.labels?.[0]?.innerText ?? element.innerText;
        return [name.trim(), getComputedStyle(element).outlineStyle];
      })()`);
      passed.push(focused);
      expect([focused, outline]).toEqual([focused, "solid"]);
      if (focused === name) return passed;
    }
    throw new Error(`Tab never came to ${name}: ${passed.join(", ")}`);
  }

  const newsComes = (page: Page) => page.clock.runFor(2000);
  const now = (page: Page, state: string) =>
    page
      .getByRole("listitem")
      .filter({ hasText: `${state} – now` })
      .waitFor();

  it("is claimed, accepted and sent with the keyboard alone", async () => {
    const { id, link } = await createRequest(harness, { RedirectUrl: "https://partner.example/done" });
    const { page, complaints } = await open(link);
    await tabTo(page, "Your account");
    // Coming to a field by Tab selects its text.
    await page.keyboard.type(CUSTOMER);
    await tabTo(page, "Let the requestor keep reading this request");
    await page.keyboard.press("Space");
    expect(await tabTo(page, "Claim the request")).toEqual(["Claim the request"]);
    await page.keyboard.press("Enter");
    await now(page, "ASSIGNED");
    expect(stored(id)).toMatchObject({ ownerAccountId: CUSTOMER, readableBy: new Set([PARTNER]) });

    // The way back and to the permissions come first, then what to decide.
    expect(await tabTo(page, "Accept")).toEqual([
      "All pending",
      "of this policy template",
      "Let the requestor keep reading this request",
      "Accept",
    ]);
    await page.keyboard.press("Enter");
    await now(page, "ACCEPTED");
    await tabTo(page, "Send the token");
    await page.keyboard.press("Enter");
    await now(page, "FINALIZED");
    expect(stored(id)?.state).toBe("FINALIZED");
    expect(await page.title()).toMatch(/^FINALIZED/);
    expect(complaints).toEqual([]);
  });

  it("is rejected with the keyboard alone, from a form that opens", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const { page } = await open(link);
    await tabTo(page, "Claim the request");
    await page.keyboard.press("Enter");
    await now(page, "ASSIGNED");
    await tabTo(page, "Reject");
    await page.keyboard.press("Enter");
    await tabTo(page, "Reason (optional)");
    await page.keyboard.type("not → now");
    await tabTo(page, "Reject the request");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.evaluate<string>("document.activeElement.getAttribute('role')")).toBe("alert");
    expect(await page.getByLabel("Reason").inputValue()).toBe("not → now");
    await page.getByLabel("Reason").fill("not now");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await now(page, "REJECTED");
    expect(stored(id)).toMatchObject({ state: "REJECTED", rejectionReason: "not now" });
  });

  it("works without scripts", async () => {
    const { id, link } = await createRequest(harness);
    const { page } = await open(link, { javaScriptEnabled: false });
    for (const [button, state] of [
      ["Claim the request", "ASSIGNED"],
      ["Accept", "ACCEPTED"],
      ["Send the token", "FINALIZED"],
    ] as const) {
      await page.getByRole("button", { name: button }).click();
      await now(page, state);
    }
    expect(stored(id)?.state).toBe("FINALIZED");
    await page.getByRole("link", { name: "Watch it" }).click();
    await page.getByRole("link", { name: "Stop that, and decide" }).waitFor();
  });

  it("has no accessibility faults that axe finds, and nothing to scroll sideways for, light, dark and narrow", async () => {
    const { link } = await createRequest(harness, {
      RedirectUrl: "https://partner.example/done",
      Description: "w".repeat(1000),
      Permissions: {
        PolicyTemplateArn: TEMPLATE_ARN,
        Parameters: [{ Name: "buckets", Type: "stringList", Values: ["a".repeat(200), "b"] }],
      },
    });
    await harness.mpa(CUSTOMER, "POST", "/identity-sources", {
      IdentitySourceParameters: {
        IamIdentityCenter: {
          InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
          Region: "us-east-1",
        },
      },
      Tags: { team: "t".repeat(200) },
    });
    const { page } = await open(link);
    const faults: string[] = [];
    const look = async (what: string) => {
      await page.evaluate(axe.source);
      for (const { colorScheme, width } of APPEARANCES) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 640 });
        const violations = await page.evaluate<axe.Result[]>(
          "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
        );
        const sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        if (await page.evaluate<boolean>(sideways)) found.push("scrolls sideways");
        faults.push(...found.map((fault) => `${what}, ${colorScheme}, ${width} wide: ${fault}`));
      }
    };
    await look("unassigned");
    await page.getByRole("button", { name: "Claim the request" }).click();
    for (const closed of await page.locator("summary").all()) await closed.click();
    await look("assigned, all open");
    await page.getByLabel("Reason").fill("→");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await look("in trouble");
    await page.getByRole("button", { name: "Accept" }).click();
    await look("accepted");
    await page.getByRole("button", { name: "Send the token" }).click();
    await look("finalized");
    await page.getByText("Revoke the access", { exact: true }).click();
    await look("finalized, to be revoked");
    await page.getByRole("button", { name: "Revoke access" }).click();
    await page.getByText("The access was revoked").waitFor();
    await look("revoked");
    await page.goto(`${link}x`);
    await look("not found");
    await page.goto(`${harness.emulator.endpoint}/mpa/home/approval-portal/${CUSTOMER}`);
    await look("portal");
    await page.goto(harness.emulator.endpoint);
    await look("overview");
    expect(faults).toEqual([]);
  });

  it("has the decision before the permissions on a phone, with controls large enough to tap", async () => {
    const { link } = await createRequest(harness, { OwnerAccountId: CUSTOMER, OnlySendByOwner: true });
    const { page } = await open(link, { viewport: { width: 360, height: 740 } });
    await page.getByRole("button", { name: "Claim the request" }).click();
    await now(page, "ASSIGNED");
    const boxOf = async (name: string) => {
      const box = await page.getByRole("region", { name, exact: true }).boundingBox();
      if (box === null) throw new Error(`There is no ${name}.`);
      return box;
    };
    const [question, decision, permissions] = [
      await boxOf("Who asks for what"),
      await boxOf("Your decision"),
      await boxOf("Permissions"),
    ];
    expect(question.y + question.height).toBeLessThanOrEqual(decision.y);
    expect(decision.y + decision.height).toBeLessThanOrEqual(permissions.y);
    for (const control of await page.locator("button:visible, summary, .check label").all())
      expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(360);
  });

  it("lists at the endpoint what appears, and leads there and back", async () => {
    const { page, complaints } = await open(harness.emulator.endpoint);
    await page.getByText("No request waits for a decision.").waitFor();
    await createRequest(harness, { Description: "Back up" });
    await newsComes(page);
    await page.getByRole("status").getByText("1 pending decision.").waitFor();
    await page.getByRole("link", { name: "Back up" }).click();
    await now(page, "UNASSIGNED");
    await page.getByRole("link", { name: "All pending" }).click();
    await page.getByRole("heading", { name: "Pending decisions" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows by itself what others do, and says so", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const { page } = await open(link);
    await page.getByRole("button", { name: "Claim the request" }).click();
    await now(page, "ASSIGNED");
    await page.getByRole("button", { name: "Accept" }).focus();
    await harness.iam(CUSTOMER).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }));
    await newsComes(page);
    await page.getByRole("status").getByText("The request is now ACCEPTED.").waitFor();
    await now(page, "ACCEPTED");
    expect(await page.title()).toMatch(/^ACCEPTED/);
    // The button that had the focus is gone: it is at the top of what has come, not lost.
    expect(await page.evaluate<string>("document.activeElement.tagName")).toBe("H1");
    await page.getByRole("button", { name: "Send the token" }).click();
    await now(page, "FINALIZED");
    harness.clock.advance("8d");
    await newsComes(page);
    await page.getByRole("status").getByText("No such delegation request.").waitFor();
  });

  it("leaves a form alone that somebody is filling in", async () => {
    const { id, link } = await createRequest(harness, { OwnerAccountId: CUSTOMER });
    const { page } = await open(link);
    await page.getByRole("button", { name: "Claim the request" }).click();
    await page.getByText("Reject", { exact: true }).click();
    await page.getByLabel("Reason").fill("I would rather");
    await harness.iam(CUSTOMER).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }));
    await newsComes(page);
    await page.getByRole("status").getByText("The request is now ACCEPTED. Reload the page").waitFor();
    expect(await page.getByLabel("Reason").inputValue()).toBe("I would rather");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await now(page, "REJECTED");
    expect(stored(id)?.rejectionReason).toBe("I would rather");
  });

  it("says when the emulator has ended", async () => {
    const { page } = await open((await createRequest(harness)).link);
    await harness.emulator.close();
    await newsComes(page);
    await page.getByRole("status").getByText("The emulator does not answer any more.").waitFor();
  });

  it("runs nothing that came from outside", async () => {
    const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>`;
    const { link } = await createRequest(harness, {
      Description: hostile,
      RequestMessage: hostile,
      Permissions: {
        PolicyTemplateArn: `arn:aws:iam:::delegation-template/${hostile}`,
        Parameters: [{ Name: hostile, Values: [hostile] }],
      },
    });
    const { page, complaints } = await open(link);
    expect(await page.locator("img, svg, main script").count()).toBe(0);
    expect(await page.getByText(hostile).count()).toBeGreaterThan(3);
    // Were a page to let something slip, its policy still would not run it.
    const refused = page.waitForEvent("console");
    await page.evaluate(
      `document.querySelector("main").insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>")`,
    );
    await refused;
    expect(complaints.join()).toMatch(/violates the following Content Security Policy directive/);
    expect(complaints).not.toContain("1");
  });
});
