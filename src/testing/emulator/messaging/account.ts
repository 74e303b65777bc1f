/** The one account that fauxqs knows. */
const FAUXQS_ACCOUNT = "000000000000";

/** Where SNS and SQS name an account: ARNs of topics, subscriptions and queues, queue URLs, and owners. */
const PLACES = String.raw`arn:aws:s[nq]s:[a-z0-9-]*:|https?://[^/\s"'<>]+/|<key>Owner</key><value>|<Owner>`;

const replace = (text: string, from: string, to: string): string =>
  from === to ? text : text.replace(new RegExp(`(${PLACES})${from}(?!\\d)`, "g"), `$1${to}`);

/** What an account sends, as fauxqs takes it. */
export const toFauxqs = (text: string, account: string): string => replace(text, account, FAUXQS_ACCOUNT);

/** What fauxqs answers, as the account reads it. */
export const fromFauxqs = (text: string, account: string): string => replace(text, FAUXQS_ACCOUNT, account);
