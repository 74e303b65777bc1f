import { isList, type Json } from "./protocols/json";

/** An AWS service's access to a resource, to be allowed or denied. */
export interface Access {
  /** The service's principal, for example `iam.amazonaws.com`. */
  readonly service: string;
  /** For example `sns:Publish`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/** The statements of a policy document; undefined when the text is not one. */
function parsePolicy(text: string): readonly Json[] | undefined {
  try {
    const document: Json = JSON.parse(text);
    const statements = member(document, "Statement");
    return statements === undefined ? undefined : asList(statements);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whether a policy document allows the access: some Allow statement applies and no Deny statement does. A condition
 * operator or key that the emulator doesn't know keeps an Allow from applying, and lets a Deny apply.
 */
export function isAllowed(policy: string | undefined, access: Access): boolean {
  const statements = (policy === undefined ? undefined : parsePolicy(policy)) ?? [];
  const applying = (effect: string, whenUnknown: boolean) =>
    statements.some(
      (statement) => member(statement, "Effect") === effect && applies(statement, access, whenUnknown),
    );
  return applying("Allow", false) && !applying("Deny", true);
}

function applies(statement: Json, access: Access, whenUnknown: boolean): boolean {
  return (
    principalMatches(member(statement, "Principal"), access.service) &&
    strings(member(statement, "Action")).some((pattern) =>
      matchesPattern(pattern.toLowerCase(), access.action.toLowerCase()),
    ) &&
    strings(member(statement, "Resource")).some((pattern) => matchesPattern(pattern, access.resource)) &&
    Object.entries(Object(member(statement, "Condition") ?? {})).every(([operator, keys]) =>
      Object.entries(Object(keys)).every(
        ([key, values]) => conditionHolds(operator, contextOf(access, key), values) ?? whenUnknown,
      ),
    )
  );
}

const principalMatches = (principal: Json | undefined, service: string): boolean =>
  principal === "*" || strings(member(principal, "Service")).includes(service);

const contextOf = ({ context }: Access, key: string): string | undefined =>
  Object.hasOwn(context, key.toLowerCase()) ? context[key.toLowerCase()] : undefined;

/** Undefined when the operator or the key is unknown to the emulator. */
function conditionHolds(
  operator: string,
  actual: string | undefined,
  expected: unknown,
): boolean | undefined {
  if (actual === undefined) return undefined;
  const values = (Array.isArray(expected) ? expected : [expected])
    .filter((value) => ["string", "number", "boolean"].includes(typeof value))
    .map(String);
  switch (operator) {
    case "StringEquals":
      return values.includes(actual);
    case "StringLike":
    case "ArnEquals":
    case "ArnLike":
      return values.some((pattern) => matchesPattern(pattern, actual));
    default:
      return undefined;
  }
}

/**
 * Whether text matches a pattern with the wildcards `*` and `?`. Backtracks to the last `*` only, in quadratic time: the
 * same pattern as a regular expression would take exponential time for input such as `*a*a*a*a`.
 */
function matchesPattern(pattern: string, text: string): boolean {
  let [at, star, taken] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      taken = index;
    } else if (pattern[at] === "?" || pattern[at] === text[index]) {
      at++;
      index++;
    } else if (star === -1) {
      return false;
    } else {
      at = star + 1;
      index = ++taken;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

const asList = (value: Json): readonly Json[] => (isList(value) ? value : [value]);

const strings = (value: Json | undefined): string[] =>
  value === undefined ? [] : asList(value).filter((item) => typeof item === "string");

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || isList(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
