import { join } from "node:path";
import ts from "typescript";

const INDEX = join(__dirname, "../../dist/index.d.ts");

/** The properties of a type of the package that its declaration files document, and those that they do not. */
function documented(name: string): { documented: string[]; undocumented: string[] } {
  const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const program = ts.createProgram([INDEX], {
    ...options,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const exported = (symbol: ts.Symbol, member: string) => {
    const found = checker.getExportsOfModule(symbol).find((one) => one.name === member);
    if (!found) throw new Error(`there is no ${member}`);
    return found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  };
  const source = program.getSourceFile(INDEX);
  const index = source && checker.getSymbolAtLocation(source);
  if (!index) throw new Error(`${INDEX} is no module: npm run build`);
  const type = checker.getDeclaredTypeOfSymbol(name.split(".").reduce(exported, index));
  const ours = checker
    .getPropertiesOfType(type)
    .filter(({ declarations = [] }) =>
      declarations.every((one) => !one.getSourceFile().fileName.includes("node_modules")),
    );
  const isDocumented = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length > 0;
  return {
    documented: ours.filter(isDocumented).map((symbol) => symbol.name),
    undocumented: ours.filter((symbol) => !isDocumented(symbol)).map((symbol) => symbol.name),
  };
}

test.each([
  ["iam.DelegationRequestArgs", "sessionDuration"],
  ["iam.DelegationRequest", "consoleDeepLink"],
  ["mpa.IdentitySourceArgs", "timeouts"],
  ["mpa.IdentitySource", "approvalPortalUrl"],
  ["mpa.ApprovalTeamArgs", "approvers"],
  ["mpa.ApprovalTeam", "pendingUpdate"],
  ["backup.VaultApprovalTeamArgs", "mpaApprovalTeamArn"],
  ["backup.VaultApprovalTeam", "pendingMpaApprovalTeamArn"],
  ["backup.RestoreAccessVault", "vaultState"],
  ["paymentcryptography.TeamAssociation", "associationState"],
  ["iam.DelegationGrant", "granted"],
  ["ProviderArgs", "assumeRoles"],
])("an editor shows what each property of %s means", (name, one) => {
  const found = documented(name);
  expect(found.undocumented).toEqual([]);
  expect(found.documented).toContain(one);
});
