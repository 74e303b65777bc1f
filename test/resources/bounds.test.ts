// Every declared bound beside the one in AWS's model: neither may drift from the other unseen.
import type { Properties, Property, StringType } from "../../src/declaration/properties";
import { restoreAccessVault } from "../../src/resources/backup/restoreAccessVault/properties";
import { vaultApprovalTeam } from "../../src/resources/backup/vaultApprovalTeam/properties";
import { delegationRequest } from "../../src/resources/iam/delegationRequest/properties";
import { approvalTeam } from "../../src/resources/mpa/approvalTeam/properties";
import { iamIdentityCenter, identitySource } from "../../src/resources/mpa/identitySource/properties";
import { teamAssociation } from "../../src/resources/paymentcryptography/teamAssociation/properties";
import { operationModel, type Shape, type StructureShape } from "../emulator/apiModel";

/** Where we are stricter than the model on purpose, and why. */
const STRICTER: Record<string, string> = {
  "DelegationRequest.permissions.policyTemplateArn":
    "the model has a length only; only a template can be asked for",
  "DelegationRequest.notificationChannel": "only a topic's ARN can be told anything",
  "DelegationRequest.permissions.parameters[].values[]":
    "the model's pattern wants a character, as our length does",
  "IdentitySource.clientToken": "an empty token is none",
  "IdentitySource.iamIdentityCenter.region": "the model takes any text; an empty one is no region",
  "IdentitySource.tags.keys": "AWS refuses keys of its own prefix",
  "ApprovalTeam.approvalStrategy.mOfN.minApprovalsRequired": "a team has 20 members at most",
  "ApprovalTeam.name": "an empty name is none",
  "ApprovalTeam.clientToken": "an empty token is none",
  "ApprovalTeam.tags.keys": "AWS refuses keys of its own prefix",
  "VaultApprovalTeam.mpaApprovalTeamArn": "the model takes any text; Multi-party approval's has the pattern",
  "RestoreAccessVault.sourceBackupVaultArn": "the model takes any text",
  "RestoreAccessVault.creatorRequestId": "an empty id is none, and ours get an ending",
};

test.each([
  ["DelegationRequest", delegationRequest.inputs, operationModel("iam", "CreateDelegationRequest").input],
  [
    "IdentitySource",
    { iamIdentityCenter: identitySource.inputs.iamIdentityCenter },
    memberOf(operationModel("mpa", "CreateIdentitySource").input, "IdentitySourceParameters"),
  ],
  [
    "IdentitySource",
    { clientToken: identitySource.inputs.clientToken, tags: identitySource.inputs.tags },
    operationModel("mpa", "CreateIdentitySource").input,
  ],
  ["ApprovalTeam", approvalTeam.inputs, operationModel("mpa", "CreateApprovalTeam").input],
  [
    "VaultApprovalTeam",
    vaultApprovalTeam.inputs,
    operationModel("backup", "AssociateBackupVaultMpaApprovalTeam").input,
  ],
  [
    "RestoreAccessVault",
    restoreAccessVault.inputs,
    operationModel("backup", "CreateRestoreAccessBackupVault").input,
  ],
  [
    "TeamAssociation",
    teamAssociation.inputs,
    operationModel("payment-cryptography", "AssociateMpaTeam").input,
  ],
])("%s is as bounded as AWS's model says", (name, properties, model) => {
  expect(differences(properties, model, name)).toEqual([]);
});

test("every exception is one of a property that there is", () => {
  const paths = [
    ...pathsOf(delegationRequest.inputs, "DelegationRequest"),
    ...pathsOf(
      { ...identitySource.inputs, iamIdentityCenter: { type: "object", properties: iamIdentityCenter } },
      "IdentitySource",
    ),
    ...pathsOf(approvalTeam.inputs, "ApprovalTeam"),
    ...pathsOf(vaultApprovalTeam.inputs, "VaultApprovalTeam"),
    ...pathsOf(restoreAccessVault.inputs, "RestoreAccessVault"),
    ...pathsOf(teamAssociation.inputs, "TeamAssociation"),
    "IdentitySource.tags.keys",
    "ApprovalTeam.tags.keys",
  ];
  expect(Object.keys(STRICTER).filter((path) => !paths.includes(path))).toEqual([]);
});

test("a bound that drifts is seen", () => {
  const { input } = operationModel("iam", "CreateDelegationRequest");
  const drifted: Properties = {
    description: { type: "string", maxLength: 999 },
    sessionDuration: { type: "integer", minimum: 300, maximum: 43_201, unit: "seconds" },
    requestMessage: { type: "string", maxLength: 200, pattern: /^[\t\n\r\u0020-\u007E]*$/, optional: true },
    onlySendByOwner: { type: "string" },
    requestNote: { type: "string" },
  };
  expect(differences(drifted, input, "it").map((line) => line.split(":")[0])).toEqual([
    "it.description",
    "it.description",
    "it.sessionDuration",
    "it.requestMessage",
    "it.onlySendByOwner",
    "it.requestNote",
  ]);
});

function memberOf({ members }: StructureShape, name: string): StructureShape {
  const shape = members.get(name)?.shape;
  if (shape?.type !== "structure") throw new Error(`${name} is no structure`);
  return shape;
}

function differences(properties: Properties, model: StructureShape, path: string): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.local) return [];
    const member = model.members.get(property.wireName ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    return member ? different(property, member.shape, `${path}.${name}`) : [`${path}.${name}: AWS has none`];
  });
}

function different(property: Property, shape: Shape, path: string): string[] {
  if (property.type === "object" && shape.type === "structure")
    return differences(property.properties, shape, path);
  if (property.type === "array" && shape.type === "list")
    return [
      ...unequal(path, "entries", [property.minItems ?? 0, property.maxItems], [shape.min ?? 0, shape.max]),
      ...different(property.items, shape.member, `${path}[]`),
    ];
  if (property.type === "map" && shape.type === "map")
    return [
      ...different(property.keys, shape.key, `${path}.keys`),
      ...different(property.values, shape.value, `${path}.values`),
    ];
  if (property.type === "integer" && shape.type === "integer") {
    const { min = -Infinity, max = Infinity } = shape;
    if (path in STRICTER)
      return property.minimum >= min && property.maximum <= max ? [] : [`${path}: is looser than AWS's`];
    return unequal(path, "range", [property.minimum, property.maximum], [shape.min, shape.max]);
  }
  if (property.type === "string" && shape.type === "string") return differentTexts(property, shape, path);
  return property.type === shape.type ? [] : [`${path}: is a ${property.type}, AWS's is a ${shape.type}`];
}

function differentTexts(
  property: StringType,
  shape: Extract<Shape, { type: "string" }>,
  path: string,
): string[] {
  const { minLength = 0, maxLength } = property;
  const ours = (text: string) => property.pattern?.test(text) ?? true;
  const theirs = (text: string) => shape.pattern?.test(text) ?? true;
  const wrong = SAMPLES.filter((text) =>
    path in STRICTER ? ours(text) && !theirs(text) : ours(text) !== theirs(text),
  );
  const looser = minLength < (shape.min ?? 0) || (maxLength ?? Infinity) > (shape.max ?? Infinity);
  return [
    ...(path in STRICTER
      ? looser
        ? [`${path}: is looser than AWS's length`]
        : []
      : unequal(path, "length", [minLength, maxLength], [shape.min ?? 0, shape.max])),
    ...(wrong.length > 0 ? [`${path}: the patterns differ for ${JSON.stringify(wrong[0])}`] : []),
    ...unequal(path, "values", property.enum ?? [], shape.enum ?? []),
  ];
}

/** Every character of the first three blocks, and texts of the forms that patterns ask for. */
const SAMPLES = [
  ...Array.from({ length: 0x180 }, (_, code) => String.fromCodePoint(code)),
  ...["123456789012", "12345678901", "x23456789012"],
  ...[
    "https://example.com/a?b=c#d",
    "http://a",
    "ftp://a",
    "https://a:80/",
    "https://a/%20",
    "https://a/?b?c",
  ],
  ...["arn:aws:sso:::instance/ssoins-1234567890abcdef", "arn:aws:sso:::instance/ins-1234567890abcdef"],
  ...["arn:aws:sso:::instance/ssoins-1234567890abcde", "xarn:aws:sso:::instance/ssoins-1234567890abcdef"],
  ...["arn:aws:mpa:::aws:policy/a.com/B/$DEFAULT", "arn:aws:mpa:::aws:policy/a.com/B/12"],
  ...["arn:aws:mpa:::aws:policy/a.com/B", "arn:aws:mpa:::aws:policy/a.com/B/latest"],
  ...["arn:aws:sns:us-east-1:111122223333:approvals", "arn:aws:sns:us-east-1:111122223333:a b"],
];

const unequal = (path: string, what: string, ours: readonly unknown[], theirs: readonly unknown[]) =>
  JSON.stringify(ours) === JSON.stringify(theirs)
    ? []
    : [`${path}: has ${what} ${JSON.stringify(ours)}, AWS's ${JSON.stringify(theirs)}`];

function pathsOf(properties: Properties, path: string): string[] {
  return Object.entries(properties).flatMap(([name, property]) => pathsOfOne(property, `${path}.${name}`));
}

function pathsOfOne(property: Property, path: string): string[] {
  if (property.type === "object") return [path, ...pathsOf(property.properties, path)];
  return property.type === "array" ? [path, ...pathsOfOne(property.items, `${path}[]`)] : [path];
}
