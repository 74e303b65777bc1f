/** One way to break the sources, and the tests that should notice. */
export interface Mutant {
  what: string;
  file: string;
  /** Text that the file holds exactly once. */
  from: string;
  to: string;
  tests: string[];
}

const SOURCE = "src/resources/mpa/identitySource/lifecycle.ts";
const REQUEST = "src/resources/iam/delegationRequest/lifecycle.ts";
const sourceTests = ["test/resources/mpa"];
const requestTests = ["test/resources/iam"];
const inSource = (what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: SOURCE, tests: sourceTests },
});
const inMpa = (file: string, what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: `src/resources/mpa/${file}`, tests: sourceTests },
});
const inRequest = (what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: REQUEST, tests: requestTests },
});
const inProvider = (file: string, what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: `src/${file}`, tests: ["test/declaration", "test/provider", "test/resources"] },
});
const inSettings = (file: string, what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: `src/aws/${file}` },
  tests: ["test/aws/configuration.test.ts", "test/aws/environment.test.ts", "test/aws/http.test.ts"],
});

/** Noticed by nothing but the invariants of random lives, of which a few must be enough. */
const inLives = (what: string, file: string, from: string, to: string): Mutant => ({
  ...{ what: `${what}, in random lives`, from, to, file, tests: ["test/e2e/random.test.ts"] },
});

const inPlugin = (file: string, what: string, from: string, to: string): Mutant => ({
  ...{ what: `${what}, in the plugin`, from, to, file: `src/provider/plugin/${file}` },
  tests: ["test/provider"],
});

const inRetries = (what: string, from: string, to: string): Mutant => ({
  ...{ what, from, to, file: "src/aws/retry.ts", tests: ["test/aws/retry.test.ts"] },
});

export const MUTANTS: Mutant[] = [
  inMpa("ownership.ts", "ownership is ignored", "return owner.id === state.ownershipId;", "return true;"),
  inMpa("ownership.ts", "a creation time may not differ", "< CREATION_TOLERANCE_MS", "< 0"),
  inSource("CREATING is taken as done", 'else if (state.status !== "ACTIVE") updates.push("status");', ""),
  inSource(
    "an unfinished create is taken as done",
    "unmarked: isUnmarked(found, state)",
    "unmarked: undefined",
  ),
  inMpa(
    "approvalTeam/lifecycle.ts",
    "an unfinished create of a team is taken as done",
    "unmarked: isUnmarked(found, state)",
    "unmarked: undefined",
  ),
  inSource("a source in ERROR is kept", 'if (state.status === "ERROR" || ', "if ("),
  inMpa(
    "creation.ts",
    "another instance is adopted",
    "if (creation.isBeingDeleted(existing) || !creation.isAskedFor(existing)) return undefined;",
    "",
  ),
  inMpa(
    "tagging.ts",
    "adoption removes tags",
    "unmanagedTags.length > 0 ? { unmanagedTags } : {}",
    "unmanagedTags.length < 0 ? { unmanagedTags } : {}",
  ),
  inSource(
    "the owner's id is not kept in the state",
    "ownershipId: state.ownershipId ?? randomUUID()",
    "ownershipId: state.ownershipId",
  ),
  inSource(
    "a stale ERROR ends a deletion",
    'found.StatusCode !== "DELETION_FAILED" && !seenDeleting',
    "seenDeleting",
  ),
  inMpa(
    "approvalTeam/deletion.ts",
    "a team's members who said no are asked again",
    'if (session && session.StatusCode !== "REJECTED") return;',
    "if (session !== undefined) return;",
  ),
  inMpa(
    "approvalTeam/lifecycle.ts",
    "a team's pending change is another change",
    "const target = { ...known, ...pendingChange(known) };",
    "const target = known;",
  ),
  inMpa(
    "approvalTeam/lifecycle.ts",
    "a preview does not see a team's pending change",
    "const pending = pendingChange(state);",
    "const pending = {};",
  ),
  inMpa(
    "approvalTeam/lifecycle.ts",
    "a refused change of a team is asked for again",
    "if (isRefused(known, inputs)) throw",
    "if (isRefused(known, inputs) && false) throw",
  ),
  inMpa(
    "approvalTeam/state.ts",
    "a withdrawn change of a team is forgotten",
    "const refused = isWithdrawn ? asked : before.refusedUpdate;",
    "const refused = before.refusedUpdate;",
  ),
  inMpa(
    "approvalTeam/deletion.ts",
    "a deleted team's protection is not told",
    "const also = warning &&",
    'const also = "" &&',
  ),
  {
    what: "a refused team of a vault is asked for again",
    file: "src/resources/binding/lifecycle.ts",
    from: "if (!hasGeneration(state, inputs) || !(refusedTeam === wanted || isUnknownRefusal)) return;",
    to: "if (!isUnknownRefusal) return;",
    tests: ["test/resources/binding"],
  },
  {
    what: "a refusal that a crash has kept from the state is not seen",
    file: "src/resources/binding/lifecycle.ts",
    from: "!(refusedTeam === wanted || isUnknownRefusal)",
    to: "refusedTeam !== wanted",
    tests: ["test/resources/binding"],
  },
  {
    what: "a vote on a team's removal is taken for one on another team",
    file: "src/resources/binding/lifecycle.ts",
    from: "((await isAboutRemoval(vote, resource, request.context.aws)) ?? isKnown)",
    to: "isKnown",
    tests: ["test/resources/binding"],
  },
  {
    what: "an old refusal is taken for one of what was asked since",
    file: "src/resources/binding/lifecycle.ts",
    from: "isRefused(vote) && !isOldRefusal(vote, known.vote)",
    to: "isRefused(vote)",
    tests: ["test/resources/binding"],
  },
  inMpa(
    "creation.ts",
    "a team of the same origin is doubled under another name",
    "isGoing || !isOfOrigin(existing, request.origin)",
    "true",
  ),
  inMpa("tagging.ts", "surplus tags stay", "if (surplus.length > 0) {", "if (surplus.length < 0) {"),
  inSource(
    "a deletion that somebody began is no deletion",
    '?.Status !== "DELETING") throw error;',
    '?.Status !== "ERROR") throw error;',
  ),
  inRequest(
    "VANISHED too early",
    "if (state.expirationTime && now < new Date(state.expirationTime)) return state;",
    "",
  ),
  inRequest(
    "an accepted request that expired stays ACCEPTED",
    'if (known.state === "ACCEPTED") return "LAPSED";',
    "",
  ),
  inRequest(
    "a rejection that expired is EXPIRED",
    'if (RejectionReason !== undefined) return "REJECTED";',
    "",
  ),
  inRequest("access denied is gone", 'if (!hasCode(error, "AccessDenied")) throw error;', "throw error;"),
  inRequest(
    "a renewal is no replacement",
    'shouldRenew(state.state, inputs) ? [...replaces, "state"] : replaces',
    "replaces",
  ),
  inRequest(
    "a used id of one's own is tried again",
    "if (inputs.requestorWorkflowId !== undefined) throw",
    "if (false) throw",
  ),
  inRequest("a string may have several values", 'parameter.type !== "string" || ', "true || "),
  inRequest(
    "every deletion says the same",
    "const consequence = consequenceOf(state);",
    'const consequence = consequenceOf({ ...state, state: "UNASSIGNED" });',
  ),
  inRequest(
    "a request of a named account is asked about, inbox or not",
    "if (isReadFromInbox(known, context)) return known;",
    "",
  ),
  inRequest(
    "an answer that could not be read is none",
    "if (news?.isBehind) return hasExpired(known.state) ? state : known;",
    "",
  ),
  {
    what: "an inbox that is not emptied is taken for one",
    file: "src/resources/iam/mailbox.ts",
    from: "isBehind: !isEmptied",
    to: "isBehind: false",
    tests: requestTests,
  },
  {
    what: "a renewal takes the grant away",
    file: "src/resources/iam/delegationGrant/lifecycle.ts",
    from: "initialize(id, { ...inputs, granted: state.granted }, request)",
    to: "initialize(id, { ...inputs, granted: false }, request)",
    tests: requestTests,
  },
  {
    what: "Pulumi does not wait for what an apply declares",
    file: "src/components/customerProvider.ts",
    from: "    waitForApply(deployed);\n",
    to: "",
    tests: ["test/components"],
  },
  inProvider(
    "provider/diff.ts",
    "a default spelt out is a change",
    "value: unknown = property.default",
    "value: unknown = undefined",
  ),
  inProvider(
    "provider/diff.ts",
    "an argument left out is a change",
    "if (value === undefined && property.keptWhenOmitted) return false;",
    "",
  ),
  inProvider(
    "provider/diff.ts",
    "a generation as text asks again",
    'if (property.type === "scalar") return String(value);',
    "",
  ),
  inProvider(
    "declaration/validate.ts",
    "unknown values fail",
    "!unknowns.some((unknown) => isWithin(path, unknown))",
    "true",
  ),
  inProvider(
    "provider/wait.ts",
    "a failed status is waited for",
    "if (!wait.pending.includes(observation.status)) {",
    "if (false) {",
  ),
  inProvider("provider/check.ts", "a failure names its property", 'property: "",', "property,"),
  inProvider(
    "provider/dynamic/dynamicProvider.ts",
    "the provider's text is lost with a failed create",
    '__provider: inputs["__provider"] };',
    "};",
  ),
  inProvider(
    "provider/dynamic/dynamicProvider.ts",
    "a secret marker is lost",
    "...pick(previous, markers),",
    "",
  ),
  inProvider(
    "provider/tags.ts",
    "a default tag beats the resource's",
    "{ ...defaults, ...tags }",
    "{ ...tags, ...defaults }",
  ),
  inProvider(
    "provider/tags.ts",
    "a tag to ignore may be the resource's own",
    ".filter(isIgnored)",
    ".filter(() => false)",
  ),
  inMpa("tagging.ts", "a tag to ignore is removed", "key === OWNER_TAG || !tags.isIgnored(key)", "true"),
  inMpa(
    "tagging.ts",
    "our own tag is ignored",
    "key === OWNER_TAG || !tags.isIgnored(key)",
    "!tags.isIgnored(key)",
  ),
  inSettings(
    "configuration.ts",
    "credentials of two namespaces are mixed",
    "(!setting.credentials || one === credentialsFrom)",
    "true",
  ),
  inSettings(
    "environment.ts",
    "a missing profile is another account",
    'name !== "default") throw missingProfile(configuration);',
    'name !== "default") void missingProfile(configuration);',
  ),
  inSettings(
    "credentials.ts",
    "keys of the environment beat the profile that is named",
    "return settings.profileIsConfigured",
    "return !settings",
  ),
  inSettings(
    "clients.ts",
    "another profile's endpoint is called",
    "ignoreConfiguredEndpointUrls: true",
    "ignoreConfiguredEndpointUrls: false",
  ),
  inSettings(
    "http.ts",
    "the authority is trusted for the proxy only",
    "Object.assign(agent.options, tls);",
    "",
  ),
  inSettings("http.ts", "a proxy is used for this machine", 'if (host === "localhost"', 'if (host === "l"'),
  inRetries("a quota that is used up is tried again", 'code === "LimitExceeded" || error', "error"),
  inRetries("a concurrent modification is final", "Modification|", ""),
  inRetries(
    "a wrong address is tried 25 times",
    "isOutage = NOBODY_THERE.includes(codeOf(error))",
    "isOutage = !error",
  ),
  inRetries("who waits hears nothing", "this.context.log(", "String("),
  {
    what: "a provider's keys are plain in the state",
    file: "src/program/providerArgs.ts",
    from: "pulumi.secret(text)",
    to: "text",
    tests: ["test/testing/testStack.test.ts"],
  },
  {
    what: "an aws provider is ignored",
    file: "src/program/dynamicResource.ts",
    from: "refuseOtherProvider(resource, opts.provider);",
    to: "",
    tests: ["test/resources/iam"],
  },
  inProvider("declaration/wire.ts", "an argument of ours is sent to AWS", "!properties[name]?.local && ", ""),
  {
    what: "AWS's messages are shown as they are",
    file: "src/aws/redaction.ts",
    from: "error.message = redact(message, named);",
    to: "",
    tests: ["test/resources/iam"],
  },
  {
    what: "a transformation comes after the derived inputs",
    file: "src/program/dynamicResource.ts",
    from: "[...inherited, deriveInputs(declaration, this)]",
    to: "[deriveInputs(declaration, this), ...inherited]",
    tests: ["test/resources"],
  },
  {
    what: "who reads states may read tokens",
    file: "src/mailbox/policy.ts",
    from: '[INBOX_KEY, "state#*"] : [INBOX_KEY]',
    to: '[INBOX_KEY, "state#*", "token#*"] : [INBOX_KEY]',
    tests: ["test/mailbox/policy.test.ts"],
  },
  {
    what: "another account's table is found by its ARN",
    file: "src/emulator/dynamodb/tables.ts",
    from: "if (account !== caller.account) {",
    to: "if (account === undefined) {",
    tests: ["test/emulator/dynamodb"],
  },
  {
    what: "the table needs no key policy to be there first",
    file: "src/components/approvalInbox.ts",
    from: "...(key && { dependsOn: key.policy })",
    to: "...(key && {})",
    tests: ["test/components/approvalInbox.test.ts"],
  },
  {
    what: "EXPIRED undoes an answer",
    file: "src/mailbox/order.ts",
    from: "=== ANSWERED",
    to: "> ANSWERED",
    tests: ["test/mailbox/order.test.ts"],
  },
  {
    what: "an earlier step replaces a later one in the table",
    file: "src/mailbox/table.ts",
    from: "OR #stage < :stage OR",
    to: "OR #stage <> :stage OR",
    tests: ["test/mailbox/mailbox.test.ts"],
  },
  {
    what: "a message is deleted that was not saved",
    file: "src/mailbox/drain.ts",
    from: "deleteMessages(sqs, address, done, options)",
    to: "deleteMessages(sqs, address, messages, options)",
    tests: ["test/mailbox/mailbox.test.ts"],
  },
  {
    what: "what is no notification fails a drain that cannot move it",
    file: "src/mailbox/saveMessages.ts",
    from: "void result.moveErrors.push(error)",
    to: "void result.errors.push(error)",
    tests: ["test/mailbox/mailbox.test.ts"],
  },
  {
    what: "granted without a token",
    file: "src/cli/outcome.ts",
    from: 'return goal === "ACCEPTED" ? "granted" : undefined;',
    to: 'return "granted";',
    tests: ["test/cli/outcome.test.ts"],
  },
  {
    what: "a token given by hand is of any account",
    file: "src/cli/obtainCredentials.ts",
    from: "owner === undefined || account === owner",
    to: "true",
    tests: ["test/cli/commands/credentials.test.ts"],
  },
  {
    what: "the request is made before its inbox",
    file: "src/components/customerAccess.ts",
    from: "dependsOn: this.inbox,",
    to: "",
    tests: ["test/components"],
  },
  {
    what: "a claimable link is plain",
    file: "src/components/customerAccess.ts",
    from: '? ["consoleDeepLink"] : []',
    to: "? [] : []",
    tests: ["test/components"],
  },
  inPlugin(
    "secrets.ts",
    "outputs of secret inputs are plain",
    "return [...ofInputs, ...containing",
    "return [...containing",
  ),
  inPlugin("secrets.ts", "what contains a secret is plain", "...containing.map((name) => [name])", ""),
  inPlugin(
    "encoding.ts",
    "secrets are given as plain values",
    "if (isSecret.has(String(path)))",
    "if (false)",
  ),
  inPlugin("diff.ts", "what has become secret stays plain", "...replaces, ...exposed]", "...replaces]"),
  inPlugin(
    "read.ts",
    "a refresh gives inputs that were left out",
    "computedIn(declaration, inputs.values)",
    "[]",
  ),
  inPlugin(
    "errors.ts",
    "what was created is lost",
    "metadata: initializationFailed(error, toOutputs(error.state)),",
    "",
  ),
  inPlugin("configuration.ts", "credentials are plain", ", ...declaredSecrets(settings)", ""),
  inLives(
    "ownership is ignored",
    "src/resources/mpa/ownership.ts",
    "return owner.id === state.ownershipId;",
    "return true;",
  ),
  inLives("CREATING is taken as done", SOURCE, 'target: ["ACTIVE"],', 'target: ["ACTIVE", "CREATING"],'),
  inLives(
    "VANISHED too early",
    REQUEST,
    "if (state.expirationTime && now < new Date(state.expirationTime)) return state;",
    "",
  ),
];
