import { CreateDelegationRequestCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as pulumi from "@pulumi/pulumi";
import { iam, mpa, sts } from "pulumi-aws-approvals";
import type { EmulatorOptions, Fault } from "../../src/emulator";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY, SOURCE_ARN } from "./awsFixture";
import { engines, offline, type Run, type Stack, type StackSettings } from "./engines";
import { openInbox, openMailbox } from "./inbox";
import { integrityErrors } from "./integrity";
import { asked } from "./whoIsAsked";

const iamIdentityCenter = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  region: "us-east-1",
};
const request = {
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const named = { ...request, ownerAccountId: CUSTOMER };

describe.each(engines)("$title", (engine) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  let fixture: AwsFixture;
  let stack: Stack;

  async function start(
    program: StackSettings["program"],
    { config, env, ...options }: EmulatorOptions & Partial<StackSettings> = {},
  ) {
    fixture = await AwsFixture.open(options);
    opened.push(fixture);
    await open(program, { config, env });
  }
  async function open(program: StackSettings["program"], { config, env }: Partial<StackSettings>) {
    stack = await engine.open({
      ...{ program, env: { ...fixture.env, ...env }, inlineProvider: true },
      ...(config && { config }),
    });
    opened.push(stack);
  }
  const run = async (operation: "preview" | "up" | "refresh" | "destroy", changes: string[]) => {
    const result = await stack.run(operation);
    expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
    expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
    return result;
  };
  /** One readable message, without a stack trace and without the wrapping of other layers. */
  const fails = (result: Run, message: RegExp) => {
    expect(result.errors).toEqual([expect.stringMatching(message)]);
    expect(result.text).not.toMatch(/^\s+at .*[:(]\d+/m);
    expect(result.text).not.toContain("node_modules");
  };

  test("an expired request is asked again when the program says so, and the preview names the state", async () => {
    let args: iam.DelegationRequestArgs = request;
    await start(() => ({ state: new iam.DelegationRequest("it", args).state }));
    await run("up", ["create it"]);
    fixture.clock.advance("25h");
    await run("refresh", ["update it"]);
    await run("preview", []);
    expect((await stack.outputs())["state"]).toEqual({ value: "UNASSIGNED", secret: false });

    args = { ...request, renewWhen: ["EXPIRED"] };
    const replacement = ["create-replacement it", "delete-replaced it", "replace it"];
    const { replaceKeys, text } = await run("preview", replacement);
    expect(replaceKeys).toEqual(["state"]);
    const line = "DelegationRequest it: EXPIRED; whoever opens the new link will be asked (renewWhen).";
    expect(asked(text)).toEqual([line]);
    expect(asked((await run("up", replacement)).text)).toEqual([line]);
    await run("up", []);
    expect(fixture.requests().map(({ state }) => state)).toEqual(["EXPIRED", "UNASSIGNED"]);
  });

  test("whom a renewal asks is said once, when the same run has refreshed too, and without a secret", async () => {
    const asking: iam.DelegationRequestArgs = { ...request, ownerAccountId: pulumi.secret(CUSTOMER) };
    let args: Partial<iam.DelegationRequestArgs> = { renewWhen: ["EXPIRED"] };
    await start(() => {
      const { ownerId, approverId } = new iam.DelegationRequest("it", { ...asking, ...args });
      return { ownerId, approverId };
    });
    const inbox = await openMailbox(fixture.emulator.endpoint, PARTNER);
    args = { ...args, notificationChannel: inbox.topicArn, inbox };
    await run("up", ["create it"]);
    fixture.clock.advance("25h");
    fixture.requests();
    const replacement = ["create-replacement it", "delete-replaced it", "replace it"];
    for (const operation of ["preview", "up"] as const) {
      const { errors, changes, text } = await stack.run(operation, { refresh: true });
      expect({ errors, changes }).toMatchObject({ errors: [], changes: expect.arrayContaining(replacement) });
      expect(asked(text)).toEqual([
        "DelegationRequest it: EXPIRED; the customer's account will be asked again (renewWhen).",
      ]);
      expect(text).not.toContain(CUSTOMER);
    }
    expect(await stack.outputs()).toMatchObject({ ownerId: { secret: true }, approverId: { secret: true } });
  });

  test("a refresh after a rename of the stack shows what people did, and no more", async () => {
    await start(() => void new iam.DelegationRequest("it", request));
    await run("up", ["create it"]);
    // As if the stack had another name when it was made.
    const made = JSON.stringify(await stack.state()).replaceAll('"proj/dev::it"', '"proj/develop::it"');
    await stack.load({ version: 3, deployment: JSON.parse(made) });
    await run("up", []);
    fixture.clock.advance("25h");
    const { text } = await run("refresh", ["update it"]);
    expect(text).toMatch(/\[diff: ~state\]/);
  });

  test("a workflow id that was used before is one message with the remedy", async () => {
    await start(() => void new iam.DelegationRequest("it", { ...named, requestorWorkflowId: "ticket-4711" }));
    await fixture.iam(PARTNER).send(
      new CreateDelegationRequestCommand({
        RequestorWorkflowId: "ticket-4711",
        Description: request.description,
        Permissions: { PolicyTemplateArn: request.permissions.policyTemplateArn },
        NotificationChannel: request.notificationChannel,
        SessionDuration: 3600,
      }),
    );
    fails(
      await stack.run("up"),
      /^DelegationRequest it: requestorWorkflowId was used before\. .*does not return that request's link again.* Specify another requestorWorkflowId, or omit it/,
    );
    expect(fixture.requests()).toHaveLength(1);
  });

  test("an identity source that exists is taken over only when the program says so", async () => {
    let adopt = false;
    await start(() => void new mpa.IdentitySource("it", { iamIdentityCenter, adopt, tags: { team: "a" } }));
    await fixture.createSource(iamIdentityCenter.instanceArn);
    fails(
      await stack.run("up"),
      new RegExp(`^IdentitySource it: .*${SOURCE_ARN}.* adopt: true, .*IdentitySource\\.get\\(name, arn\\)`),
    );
    adopt = true;
    await run("up", ["create it"]);
    expect(await fixture.identitySources()).toEqual([
      { ...iamIdentityCenter, status: "ACTIVE", tags: { team: "a" } },
    ]);
    await run("destroy", ["delete it"]);
    expect(await fixture.identitySources()).toEqual([]);
  });

  test("get reads what is there and leaves it alone, and says when nothing is", async () => {
    await start(() => {
      const { status, iamIdentityCenter, region } = mpa.IdentitySource.get("theirs", SOURCE_ARN);
      return { status, iamIdentityCenter, region };
    });
    fails(await stack.run("preview"), new RegExp(`IdentitySource\\.get: ${SOURCE_ARN} was not found`));
    fails(await stack.run("up"), new RegExp(`IdentitySource\\.get: ${SOURCE_ARN} was not found`));

    await fixture.createSource(iamIdentityCenter.instanceArn);
    await run("up", ["read theirs"]);
    const outputs = Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value]);
    expect(Object.fromEntries(outputs)).toEqual({
      status: "ACTIVE",
      iamIdentityCenter: expect.objectContaining(iamIdentityCenter),
      region: "us-east-1",
    });
    expect((await stack.run("destroy")).errors).toEqual([]);
    expect(await fixture.identitySources()).toHaveLength(1);
  });

  test("a preview names every bad property, and lets what it cannot know pass", async () => {
    await start(() => {
      const people = new mpa.IdentitySource("people", { iamIdentityCenter });
      new iam.DelegationRequest("it", {
        ...request,
        ownerAccountId: "12345",
        requestMessage: people.arn,
        redirectUrl: people.approvalPortalUrl,
        sessionDuration: 60,
        permissions: {
          policyTemplateArn: people.arn,
          parameters: [
            { name: people.status, type: "string", values: [people.arn, ""] },
            { name: "four", type: "string", values: [people.arn] },
          ],
        },
      });
    });
    const { errors } = await stack.run("preview");
    const said = errors.join("\n");
    for (const [property, reason] of [
      ["ownerAccountId", "must be an account id of 12 digits"],
      ["sessionDuration", "must be a whole number of 300 to 43200 seconds"],
      ["permissions.parameters[0].values[1]", "must be at least 1 character long, has 0"],
      ["permissions.parameters[1].name", "must be 5 to 256 characters long, has 4"],
    ] as const) {
      expect(said).toContain(property);
      expect(said).toContain(reason);
    }
    expect(said).not.toMatch(/requestMessage|redirectUrl|policyTemplateArn|values\[0\]|\[0\]\.name/);
    expect(fixture.emulator.calls).toEqual([]);
  });

  test("what AWS refuses is one message with operation, resource and remedy", async () => {
    let declare = (): unknown => new mpa.IdentitySource("it", { iamIdentityCenter });
    await start(() => void declare(), { env: { AWS_MAX_ATTEMPTS: "1" } });
    const answer = (denied: string, error: Fault["error"]) => {
      fixture.fault = ({ operation, phase }) =>
        operation === denied && phase === "before-effect" ? { error } : undefined;
    };
    answer("CreateIdentitySource", { status: 403, code: "AccessDeniedException", message: "No." });
    fails(
      await stack.run("up"),
      /^mpa:CreateIdentitySource for IdentitySource it: AccessDenied: No\. .*needs the permission mpa:CreateIdentitySource/,
    );
    answer("CreateIdentitySource", { status: 402, code: "ServiceQuotaExceededException", message: "Full." });
    fails(
      await stack.run("up"),
      /^mpa:CreateIdentitySource for IdentitySource it: ServiceQuotaExceeded: Full\. .*quota increase/,
    );
    declare = () => new iam.DelegationRequest("it", named);
    answer("CreateDelegationRequest", { status: 400, code: "Throttling", message: "Rate exceeded" });
    fails(
      await stack.run("up"),
      /^iam:CreateDelegationRequest for DelegationRequest it: Throttling: Rate exceeded\. AWS throttled the call/,
    );
    expect(fixture.requests()).toEqual([]);
  });

  test("so is what it refuses to a refresh and to a destroy", async () => {
    await start(() => void new mpa.IdentitySource("it", { iamIdentityCenter }));
    await run("up", ["create it"]);
    fixture.fault = () => ({ error: { status: 403, code: "AccessDeniedException", message: "No." } });
    fails(
      await stack.run("refresh"),
      new RegExp(`mpa:GetIdentitySource for IdentitySource ${SOURCE_ARN}: AccessDenied: No\\. [^\n]*$`),
    );
    fixture.fault = undefined;
    await fixture.createTeam();
    fails(
      await stack.run("destroy"),
      new RegExp(`mpa:DeleteIdentitySource for IdentitySource ${SOURCE_ARN}: Conflict: .*Delete them first`),
    );
    expect(integrityErrors(await stack.state())).toEqual([]);
    expect(await fixture.identitySources()).toHaveLength(1);
  });

  test("an endpoint that cannot be reached is named", async () => {
    const gone = await AwsFixture.open();
    await gone.close();
    const { endpoint } = gone.emulator;
    const endpoints = JSON.stringify([{ iam: endpoint, mpa: endpoint }]);
    await start(() => void new iam.DelegationRequest("it", named), {
      config: { "aws:endpoints": endpoints },
    });
    fails(
      await stack.run("up"),
      /^iam:CreateDelegationRequest for DelegationRequest it: ECONNREFUSED: .* \(127\.0\.0\.1:\d+\) cannot be reached.*AWS_ENDPOINT_URL/,
    );
  });

  test("a misspelt setting fails the preview by its name", async () => {
    await start(() => void new iam.DelegationRequest("it", named), {
      config: { "aws-approvals:reigon": { value: SECRET_KEY, secret: true } },
    });
    fails(
      await stack.run("preview"),
      /configuration: aws-approvals:reigon: is not a known key\. Did you mean aws-approvals:region\?/,
    );
  });

  test("tags of the configuration are on every source, and no drift", async () => {
    const config = { "aws:defaultTags": '{"tags":{"team":"all","costCenter":4711}}' };
    const tags = { team: "security" };
    await start(() => ({ tags: new mpa.IdentitySource("people", { iamIdentityCenter, tags }).tags }), {
      config,
    });
    await run("up", ["create people"]);
    const merged = { team: "security", costCenter: "4711" };
    expect((await stack.outputs())["tags"]).toEqual({ value: merged, secret: false });
    expect(Object.fromEntries(fixture.emulator.store.identitySources.get(PARTNER)?.tags ?? [])).toMatchObject(
      merged,
    );
    await run("refresh", []);
    await run("up", []);
  });

  test("credentials that are missing or wrong are named", async () => {
    await start(() => void new iam.DelegationRequest("it", named), {
      env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    });
    // A preview of resources asks AWS nothing, so it cannot know.
    await run("preview", ["create it"]);
    const missing =
      /^iam:CreateDelegationRequest for DelegationRequest it: CredentialsProviderError: .*Check the credentials/;
    fails(await stack.run("up"), missing);
    await open(() => void new iam.DelegationRequest("it", named), {
      config: { "aws:accessKey": "ASIAAAAAAAAAAAAAAAAA", "aws:secretKey": { value: "x", secret: true } },
    });
    const wrong =
      /^iam:CreateDelegationRequest for DelegationRequest it: InvalidClientTokenId: .*Check the credentials/;
    fails(await stack.run("up"), wrong);
  });

  test("a secret among the permissions is one in the policy made of it, in state and outputs", async () => {
    await start(() => {
      const permissions = {
        ...request.permissions,
        parameters: [{ name: "token", type: "string" as const, values: [pulumi.secret("hush-hush")] }],
      };
      const it = new iam.DelegationRequest("it", { ...request, permissions });
      return { policy: it.permissionPolicy, link: it.consoleDeepLink };
    });
    await run("up", ["create it"]);
    expect(await stack.outputs()).toEqual({
      policy: { value: expect.stringContaining("hush-hush"), secret: true },
      link: { value: expect.any(String), secret: false },
    });
    await run("refresh", []);
    await run("up", []);
    expect(integrityErrors(await stack.state(), ["hush-hush"])).toEqual([]);
  });

  test("the deep link is a secret where the program wants it", async () => {
    await start(() => {
      const opts = { additionalSecretOutputs: ["consoleDeepLink"] };
      return { link: new iam.DelegationRequest("it", request, opts).consoleDeepLink };
    });
    const preview = await run("preview", ["create it"]);
    expect(preview.warnings).toEqual([]);
    await run("up", ["create it"]);
    const { link } = await stack.outputs();
    expect(link).toEqual({
      value: expect.stringContaining("/account-access-requests/review/"),
      secret: true,
    });
    expect(integrityErrors(await stack.state(), [link?.value as string])).toEqual([]);
  });

  test("a preview warns once that links without an owner can be claimed, an up does not", async () => {
    await start(() => {
      new iam.DelegationRequest("one", request);
      new iam.DelegationRequest("two", request);
      new iam.DelegationRequest("three", named);
    });
    const changes = ["create one", "create three", "create two"];
    const warning = expect.stringContaining("any AWS account that opens consoleDeepLink can claim");
    expect((await run("preview", changes)).warnings).toEqual([warning]);
    expect((await run("preview", changes)).warnings).toEqual([warning]);
    expect((await run("up", changes)).warnings).toEqual([]);
  });

  test("a token is traded in for credentials that work and are secret, in outputs and state", async () => {
    fixture = await AwsFixture.open({ clock: { now: () => new Date() } });
    opened.push(fixture);
    const { endpoint } = fixture.emulator;
    const inbox = await openInbox(endpoint, PARTNER);
    opened.push(inbox);
    let token: string | undefined;
    const declare = () => {
      const { delegationRequestId } = new iam.DelegationRequest("it", named);
      const access = token && sts.getDelegatedAccessToken({ tradeInToken: pulumi.secret(token) });
      return { id: delegationRequestId, ...(access && { access, key: access.credentials.secretAccessKey }) };
    };
    // An inline program has the environment of the tests, so the endpoint comes from the stack's configuration.
    const config: NonNullable<StackSettings["config"]> = {
      "aws:region": "us-east-1",
      "aws:accessKey": PARTNER,
      "aws:secretKey": { value: SECRET_KEY, secret: true },
      "aws:endpoints": JSON.stringify([{ iam: endpoint, sts: endpoint }]),
    };
    await open(declare, { config });
    await run("up", ["create it"]);
    const id = (await stack.outputs())["id"]?.value as string;
    await fixture.emulator.customer(CUSTOMER).approve(id);
    token = await inbox.token();

    await run("up", []);
    const { key, access } = await stack.outputs();
    expect(key).toEqual({ value: expect.any(String), secret: true });
    expect(access).toMatchObject({ secret: true });
    const { credentials, assumedPrincipal } = (access as { value: sts.DelegatedAccess }).value;
    const client = new STSClient({
      endpoint,
      region: "us-east-1",
      credentials: { ...credentials, expiration: new Date(credentials.expiration) },
    });
    opened.push({ close: async () => client.destroy() });
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect([Account, Arn]).toEqual([CUSTOMER, assumedPrincipal]);
    expect(
      integrityErrors(await stack.state(), [token, credentials.secretAccessKey, credentials.sessionToken]),
    ).toEqual([]);
  });

  test("the stack's configuration decides whom it talks to, and is not in the resource's state", async () => {
    fixture = await AwsFixture.open();
    opened.push(fixture);
    const { endpoint } = fixture.emulator;
    await open(() => void new mpa.IdentitySource("it", { iamIdentityCenter }), {
      env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "111111111111" },
      config: {
        "aws:region": "us-east-1",
        "aws:endpoints": JSON.stringify([{ mpa: endpoint }]),
        "aws:accessKey": "333333333333",
        "aws-approvals:accessKey": "444444444444",
        "aws-approvals:secretKey": { value: "of-the-configuration", secret: true },
      },
    });
    await run("up", ["create it"]);
    expect([...fixture.emulator.store.identitySources.keys()]).toEqual(["444444444444"]);
    const state = await stack.state();
    expect(integrityErrors(state, ["of-the-configuration"])).toEqual([]);
    // Pulumi stores the settings that are not secret with the provider resource.
    const { id, inputs, outputs } = state.resources?.find(({ urn }) => urn.endsWith("::it")) ?? {};
    expect(id).toContain("444444444444");
    // The portal is the embedded AWS itself.
    const it = JSON.stringify([inputs, { ...outputs, approvalPortalUrl: undefined }]);
    for (const setting of [endpoint, "333333333333", "aws:region"]) expect(it).not.toContain(setting);
  });

  test("customTimeouts bound the wait, also those of a transformation, and the next up goes on with what is there", async () => {
    const transformation: pulumi.ResourceTransformation = ({ props, opts }) => ({
      props,
      opts: { ...opts, customTimeouts: { create: "1s" } },
    });
    const opts = { customTimeouts: { create: "10s" }, transformations: [transformation] };
    await start(() => void new mpa.IdentitySource("it", { iamIdentityCenter }, opts), {
      identitySourceCreation: { delayMs: 60_000 },
    });
    fails(
      await stack.run("up"),
      new RegExp(
        `IdentitySource it \\(${SOURCE_ARN}\\): it is still CREATING after 1 s, not ACTIVE. Run pulumi up again`,
      ),
    );
    expect(integrityErrors(await stack.state())).toEqual([]);
    fixture.clock.advance("1m");
    await run("up", ["update it"]);
    await run("preview", []);
    expect(await fixture.identitySources()).toHaveLength(1);
  });

  test("a transform, which runs in the engine, bounds the wait with timeouts among the properties", async () => {
    const transform: pulumi.ResourceTransform = ({ props, opts }) => ({
      props: { ...props, timeouts: { create: "1s" } },
      opts,
    });
    await start(() => void new mpa.IdentitySource("it", { iamIdentityCenter }, { transforms: [transform] }), {
      identitySourceCreation: { delayMs: 60_000 },
    });
    const { errors } = await stack.run("up");
    const expected = engine === offline ? /transforms/ : /it is still CREATING after 1 s, not ACTIVE/;
    expect(errors.join("\n")).toMatch(expected);
  });

  test("a preview warns of every request that a root user cannot approve for so long, an up does not", async () => {
    await start(() => {
      new iam.DelegationRequest("four hours", { ...named, sessionDuration: 14_400 });
      new iam.DelegationRequest("longer", { ...named, sessionDuration: 14_401 });
      new iam.DelegationRequest("secretly", { ...named, sessionDuration: pulumi.secret(43_200) });
    });
    const changes = ["create four hours", "create longer", "create secretly"];
    const { warnings, text } = await run("preview", changes);
    const warning = (name: string) =>
      expect.stringMatching(
        new RegExp(`^DelegationRequest ${name}: sessionDuration is longer than .* root user`),
      );
    expect(warnings.sort()).toEqual([warning("longer"), warning("secretly")]);
    expect(text).not.toContain("43200");
    expect((await run("up", changes)).warnings).toEqual([]);
  });
});
