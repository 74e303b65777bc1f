import type { Values } from "../declaration/values";
import { formatDuration } from "../duration";
import { consequenceOf, mayRenew } from "../resources/iam/delegationRequest/lifecycle";
import { describeChanges, describeReplacement, isOpen, type ResourceChange } from "./change";
import type { Asked, Detail, Sentence } from "./model";
import type { Reviewed } from "./reviewer";
import { code, counted, known, listed, show, UNKNOWN_TEXT } from "./wording";

/** What a step asks of a customer. */
export function reviewDelegationRequest(change: ResourceChange): Reviewed {
  const { op, news, replaceKeys } = change;
  if (op === "create")
    return {
      access: {
        text: `${subject(change)} is asked for access${lasting(change)}.`,
        details: details(change),
        asks: [customer(change, true)],
      },
    };
  if (op === "replace") {
    const isCertain = replaceKeys.includes("state") || !isOpen(change, replaceKeys);
    const text = `${subject(change)} ${isCertain ? "is" : "may be"} asked again for access${lasting(change)}: ${reason(change)}.`;
    return {
      access: { text, details: [...details(change), ...before(change)], asks: [customer(change, isCertain)] },
    };
  }
  if (op === "delete") return forgotten(change);
  if (mayBeRenewed(change)) {
    const text = `${subject(change)} may be asked again for access${lasting(change)}, if ${code("renewWhen")}, which is ${UNKNOWN_TEXT}, contains the state of the previous request.`;
    return {
      access: { text, details: [...details(change), ...before(change)], asks: [customer(change, false)] },
    };
  }
  const renewal = change.changed.has("renewWhen")
    ? ` From now on, the customer is asked again ${renewals(news["renewWhen"])}.`
    : "";
  return { quiet: { text: `Nobody is asked.${renewal}` } };
}

/** Whether an update may turn out to be a renewal. */
export const mayBeRenewed = ({ resource, op, state, news }: ResourceChange): boolean =>
  resource === "delegationRequest" && op === "update" && mayRenew(state, news);

const renewals = (value: unknown): Sentence => {
  const states = Array.isArray(value) ? value.map(show) : value === undefined ? [] : [show(value)];
  return states.length === 0
    ? "only when the program changes the request"
    : `when the request is ${listed(states, "or")}`;
};

const customer = ({ news: { ownerAccountId } }: ResourceChange, isCertain: boolean): Asked =>
  ownerAccountId === undefined
    ? { who: "anyone", isCertain }
    : { who: "customer", isCertain, account: known(ownerAccountId) };

/** Who is asked; whoever has the link, when the program names nobody. */
function subject({ news, olds }: ResourceChange): Sentence {
  const { ownerAccountId: account } = news;
  if (account === undefined) return "Anyone who has the link";
  const before = known(olds["ownerAccountId"]);
  const instead = before !== undefined && before !== account ? ` (before: ${code(before)})` : "";
  return `Account ${known(account) === undefined ? `(${show(account)})` : show(account)}${instead}`;
}

function lasting({ news: { sessionDuration } }: ResourceChange): Sentence {
  return typeof sessionDuration === "number"
    ? ` for ${formatDuration(sessionDuration * 1000)}`
    : ` for a time that is ${show(sessionDuration)}`;
}

/** Why the customer is asked again. */
function reason(change: ResourceChange): Sentence {
  const { replaceKeys, state } = change;
  const isRenewed = replaceKeys.includes("state");
  const renewal = isRenewed
    ? `the previous request is ${show(state["state"])}, which ${code("renewWhen")} contains`
    : "";
  const open = !isRenewed && isOpen(change, replaceKeys) ? ", if it turns out to differ" : "";
  const changes = isRenewed ? describeChanges(change, replaceKeys) : describeReplacement(change);
  return [renewal, changes].filter(Boolean).join("; ") + open;
}

function details({ news }: ResourceChange): Detail[] {
  const { description, requestMessage, permissions, onlySendByOwner } = news;
  return [
    { text: `For: ${show(description)}` },
    ...(requestMessage === undefined ? [] : [{ text: `Message: ${show(requestMessage)}` }]),
    permissionDetail(permissions),
    ...(onlySendByOwner === true ? [{ text: "Only the owner of the request may send the token." }] : []),
  ];
}

function permissionDetail(permissions: unknown): Detail {
  const { policyTemplateArn, parameters } = Object(permissions) as Record<string, unknown>;
  if (policyTemplateArn === undefined) return { text: `Permissions: ${show(permissions)}` };
  const text = `Template ${show(policyTemplateArn)}`;
  if (parameters === undefined || (Array.isArray(parameters) && parameters.length === 0))
    return { text: `${text}, without parameters` };
  if (!Array.isArray(parameters)) return { text: `${text}, with parameters: ${show(parameters)}` };
  const shown = listed(parameters.map(showParameter), "and");
  return parameters.length > 1
    ? { text: `${text}, with ${counted(parameters.length, "parameter")}`, folded: shown }
    : { text: `${text}, with ${shown}` };
}

function showParameter(parameter: unknown): Sentence {
  const { name, values } = Object(parameter) as Record<string, unknown>;
  if (name === undefined) return show(parameter);
  return `${show(name)} ${Array.isArray(values) ? listed(values.map(show)) : show(values)}`;
}

/** What becomes of the request, or the access, that there is now. */
const before = ({ state }: ResourceChange): Detail[] => [{ text: `Previous request: ${outcome(state)}` }];

/** AWS does not let every request be read, so the state may be an old one. */
function outcome(state: Values): Sentence {
  const consequence = consequenceOf(state);
  const lastRead = `${show(state["state"])} when last read`;
  return consequence
    ? `${lastRead}. It is not cancelled, because AWS cannot cancel a request. ${consequence}`
    : `${lastRead}.`;
}

function forgotten({ state }: ResourceChange): Reviewed {
  if (consequenceOf(state) === undefined)
    return { quiet: { text: `Nobody is asked. State of the request: ${outcome(state)}` } };
  const owner = known(state["ownerAccountId"]);
  const of = owner === undefined ? "" : ` of account ${code(owner)}`;
  const text = `The request${of} is removed from the stack, and AWS does not return its link again. State: ${outcome(state)}`;
  return { destroyed: { text } };
}
