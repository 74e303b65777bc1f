import { COLUMNS } from "../src/wrap";

/** What the demo tells before each step that it shows, by the example in which it happens. */
export const STORY = {
  quickstart: {
    title: "One request, from the question to credentials",
    ask: "A vendor's program asks account 222222222222 for an hour of access. `pulumi up` makes the request and ends: the customer may take days to answer.",
    answer: "The customer opens that link, reads who asks for what, and says yes.",
    browse:
      "You are the customer: open that page and decide. Claim the request, accept it and send the token; or reject it. To let the next step see what you did, tick “Let the requestor keep reading this request”. The demo goes on from there; Ctrl-C ends it.",
    tradeIn:
      "IAM has sent the token to the vendor's topic. The next `pulumi up --refresh` sees what the customer did, and trades the token in for credentials in their account.",
    refused: "There is no token to trade in; `pulumi up --refresh` asks nobody again.",
    change:
      "Two hours of access would be another request, so `pulumi preview` says that the customer would be asked again. A preview asks nobody.",
    destroy: "AWS cannot cancel a request, so `pulumi destroy` says what it leaves behind.",
  },
  "partner-onboarding": {
    title: "Three customers, and one inbox for answers",
    ask: "Another vendor has three customers. One `pulumi up` makes a topic, a queue and a table for all answers, and a link for each customer.",
    wait: "`aws-approvals wait` shows each answer when it arrives: acme grants access, globex refuses.",
    profile: "An AWS profile gives acme's access to every AWS tool, for as long as it lasts.",
    expire:
      "initech does not answer. A day later its request has expired, and `wait` ends with what became of each.",
    destroy:
      "A destroy that refreshes first knows these answers; only acme's leaves something behind that is worth a word.",
  },
  "customer-stack": {
    title: "Ask, and then deploy in a customer's account",
    ask: "This program declares a queue in acme's account, too. The first `pulumi up` can only ask for access, and leaves the queue out.",
    deploy:
      "acme grants it. `pulumi up --refresh` finds the answer in the inbox, writes an AWS profile without any secrets, and makes the queue with it.",
    destroy:
      "`pulumi destroy` begins with what is in the customer's account, while the access to it is still there.",
  },
  "protected-vault": {
    title: "A vault that nobody opens alone",
    form: "Three people form an approval team that protects a vault of backups. `pulumi up` waits until they have accepted.",
    ask: "After a fire, another account asks for the backups. The team is asked to vote, and `pulumi up` does not wait for that.",
    vote: "Two votes of three are enough, and a refresh shows that the backups are there.",
    destroy:
      "Protection is not taken away by one person either: `pulumi destroy` waits until two of the team agree to each part.",
  },
} as const;

/** An example that the demo plays. */
export type Play = keyof typeof STORY;

/** The line above what a play prints. */
export const headingOf = (play: Play): string =>
  `━━ ${STORY[play].title} (examples/${play}) `.padEnd(COLUMNS, "━");
