import { iam } from "pulumi-aws-approvals";
import type { StoredResource } from "../../src/engine";
import { engines } from "./engines";
import { fiveParameters, storedRequest } from "./storedRequest";

describe.each(engines)("$title: the state of a delegation request with five parameters", (engine) => {
  let resource: StoredResource;
  beforeAll(async () => {
    const program = () => void new iam.DelegationRequest("backup-setup", fiveParameters);
    resource = await storedRequest(engine, { program, inlineProvider: true });
  });

  test("is under 2.5 KB, as the compact JSON that Pulumi stores", () => {
    // Pulumi records where it was declared, and the size of that depends on the paths.
    const { sourcePosition: _, stackTrace: __, ...kept } = resource;
    const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
    expect(size(kept)).toBeLessThan(2560);
    // The values of the program are there twice, as inputs and as outputs. This is the rest, with the property names.
    expect(size(kept) - 2 * size(kept.inputs)).toBeLessThan(1100);
  });

  test("names its provider in under 120 bytes", () => {
    const provider = resource.inputs?.["__provider"];
    expect(Buffer.byteLength(provider as string)).toBeLessThan(120);
    expect(provider).not.toMatch(/[/\\](home|root|tmp|Users|work)[/\\]/);
    expect(resource.outputs?.["__provider"]).toBe(provider);
  });
});
