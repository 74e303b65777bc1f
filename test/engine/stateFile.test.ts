import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Crypter, IncorrectPassphraseError } from "../../src/engine/secrets";
import { Snapshot } from "../../src/engine/snapshot";
import { newResourceState } from "../../src/engine/state";
import { StateFile } from "../../src/engine/stateFile";
import { makeSecret } from "../../src/engine/values";
import { pinned } from "../../tools/pinned";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const URN = "urn:pulumi:dev::p::x:y:T::n";
const resource = (fields = {}) =>
  newResourceState({ urn: URN, type: "x:y:T", custom: true, id: "1", ...fields });

describe("secrets", () => {
  // Written by the Pulumi CLI 3.260 with the passphrase "p".
  const SALT = "v1:xU6SsWL8AWg=:v1:JTC5h8X6vw4u9GJs:8EvNVvH3O+m4PzgYHNqAMR9cXLQa6Q==";

  test("what Pulumi encrypted can be read", () => {
    expect(Crypter.open("p", SALT).decrypt("v1:T49BatXHK2xNLRQD:T61U/X8CQVXNehSWvTcRt3D2KjT0vfY=")).toBe(
      '{"k":1}',
    );
  });

  test("a wrong passphrase is an IncorrectPassphraseError", () => {
    expect(() => Crypter.open("q", SALT)).toThrow(IncorrectPassphraseError);
  });

  test("they are nowhere in the file, and keep their ciphertext as long as they do not change", async () => {
    const path = join(folder, "s.json");
    const secretive = resource({ inputs: { a: makeSecret("hush"), b: [makeSecret({ c: "quiet" })] } });
    await new StateFile(path, "p").write(new Snapshot([secretive], []));
    const text = readFileSync(path, "utf8");
    expect(text).not.toMatch(/hush|quiet/);
    expect(text).toMatch(/"type": "passphrase"/);

    const file = new StateFile(path, "p");
    const { resources } = file.read();
    expect(resources).toEqual([secretive]);
    await file.write(new Snapshot(resources, []));
    const withoutTime = (json: string) => json.replace(/"time": ".*"/, "");
    expect(withoutTime(readFileSync(path, "utf8"))).toBe(withoutTime(text));
  });

  test("a state without any needs no key", async () => {
    const path = join(folder, "s.json");
    await new StateFile(path, "p").write(new Snapshot([resource()], []));
    expect(readFileSync(path, "utf8")).not.toMatch(/secrets_providers/);
  });
});

describe("the file", () => {
  test("is the owner's alone, and no half-written one is left beside it", async () => {
    const path = join(folder, "s.json");
    const file = new StateFile(path, "p");
    await Promise.all([1, 2, 3].map(() => file.write(new Snapshot([resource()], []))));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["s.json"]);
  });

  test("contains at each write what an export returns", async () => {
    const path = join(folder, "s.json");
    const file = new StateFile(path, "p");
    const odd = resource({ inputs: { "of \u2028 lines": '\n"resources": []\n' } });
    const growing = resource({ urn: `${URN}2` });
    const resources = [odd, growing];
    const changes = [
      () => {},
      () => Object.assign(growing, { id: "2", outputs: { a: [{ b: 1 }] } }),
      () => Object.assign(growing, { outputs: { a: makeSecret("hush") } }),
      () => resources.shift(),
      () => resources.shift(),
    ];
    for (const change of changes) {
      change();
      const pendingOperations = [{ resource: odd, type: "creating" as const }];
      await file.write(new Snapshot(resources, pendingOperations));
      const text = readFileSync(path, "utf8");
      const written = JSON.parse(text);
      expect(text).toBe(`${JSON.stringify(written, undefined, 4)}\n`);
      const { manifest, ...deployment } = file.export({ resources, pendingOperations }).deployment;
      expect(written.deployment).toEqual({ manifest: expect.anything(), ...deployment });
    }
  });

  test("says the version of Pulumi's engine that the tests compare with", () => {
    const { deployment } = new StateFile("unused", "p").export({ resources: [], pendingOperations: [] });
    expect(deployment.manifest.version).toBe(pinned.version);
  });

  test("leaves out what is empty", async () => {
    const path = join(folder, "s.json");
    await new StateFile(path, "p").write(new Snapshot([resource()], []));
    expect(JSON.parse(readFileSync(path, "utf8")).deployment.resources).toEqual([
      { urn: URN, custom: true, type: "x:y:T", id: "1" },
    ]);
  });

  test.each([
    ["viewOf", { viewOf: "urn:x" }, "resource views"],
    ["hooks", { resourceHooks: { BeforeCreate: ["h"] } }, "resource hooks"],
  ])("refuses %s by name", (_, field, message) => {
    const stored = { urn: URN, type: "x:y:T", custom: true, ...field };
    const deployment = { manifest: { time: "", magic: "", version: "" }, resources: [stored] };
    expect(() => new StateFile("unused", "p").load({ version: 3, deployment })).toThrow(message);
  });

  test("in another format is rejected", () => {
    const path = join(folder, "s.json");
    writeFileSync(path, "no json");
    expect(() => new StateFile(path, "p").read()).toThrow("is not a Pulumi deployment");
  });
});

describe("the lock", () => {
  test("is one operation's at a time", () => {
    const path = join(folder, "s.json");
    const release = new StateFile(path, "p").lock();
    expect(() => new StateFile(path, "p").lock()).toThrow("the stack is locked");
    release();
    new StateFile(path, "p").lock()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of a process that has ended is ignored", () => {
    const path = join(folder, "s.json");
    // No process has an id beyond the largest one that Linux, macOS and Windows give.
    writeFileSync(`${path}.lock`, String(2 ** 31 - 1));
    new StateFile(path, "p").lock()();
  });

  test("of another running process is respected", () => {
    const path = join(folder, "s.json");
    writeFileSync(`${path}.lock`, String(process.ppid));
    expect(() => new StateFile(path, "p").lock()).toThrow(`process ${process.ppid}`);
  });
});

test("an abandoned file is not written until it is locked again", async () => {
  const path = join(folder, "s.json");
  const file = new StateFile(path, "p");
  const release = file.lock();
  file.abandon();
  expect(() => file.lock()).toThrow("the stack is locked");
  await file.write(new Snapshot([resource()], []));
  expect(readdirSync(folder)).toEqual(["s.json.lock"]);
  release();
  const releaseAgain = file.lock();
  await file.write(new Snapshot([resource()], []));
  releaseAgain();
  expect(readdirSync(folder)).toEqual(["s.json"]);
});

describe("a snapshot", () => {
  test("is always a state that the next run can start from", () => {
    const [old, kept] = [resource(), resource({ urn: `${URN}2` })];
    const snapshot = new Snapshot([old, kept], []);
    const next = resource({ id: "2" });
    snapshot.beginOperation(next, "updating");
    expect(snapshot.resources()).toEqual([old, kept]);
    expect(snapshot.pendingOperations()).toEqual([{ resource: next, type: "updating" }]);
    snapshot.endOperation(next);
    snapshot.markDone(old);
    snapshot.markNew(next);
    expect(snapshot.resources()).toEqual([next, kept]);
    expect(snapshot.pendingOperations()).toEqual([]);
  });

  test("keeps pending creates and no other pending operations", () => {
    const pending = [
      { resource: resource(), type: "creating" as const },
      { resource: resource(), type: "updating" as const },
    ];
    const snapshot = new Snapshot([], pending);
    expect(snapshot.pendingOperations()).toEqual([pending[0]]);
    snapshot.clearPendingCreates();
    expect(snapshot.pendingOperations()).toEqual([]);
  });

  test("refers to a renamed resource by its new name everywhere", () => {
    const renamed = resource({ urn: "urn:new", aliases: [URN] });
    const dependent = resource({
      urn: "urn:d",
      parent: URN,
      provider: `${URN}::id`,
      deletedWith: URN,
      dependencies: [URN],
      propertyDependencies: { a: [URN] },
    });
    const snapshot = new Snapshot([dependent], []);
    snapshot.markNew(renamed);
    expect(snapshot.resources()).toEqual([
      { ...renamed, aliases: [] },
      {
        ...dependent,
        parent: "urn:new",
        provider: "urn:new::id",
        deletedWith: "urn:new",
        dependencies: ["urn:new"],
        propertyDependencies: { a: ["urn:new"] },
      },
    ]);
  });
});
