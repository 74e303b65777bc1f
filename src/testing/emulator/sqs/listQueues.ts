import { operation } from "../operation";
import { integer, string, structure } from "../shapes";
import { invalidValue } from "./queue";

const input = structure({ QueueNamePrefix: string({}), MaxResults: integer({}), NextToken: string({}) }, []);

const PAGE = 1000;

/** The token is the last URL of the page before. */
export const listQueues = operation("ListQueues", input, (given, { caller, region, cloud }) => {
  const { MaxResults: max = PAGE, NextToken: token, QueueNamePrefix: prefix = "" } = given;
  if (max < 1 || max > PAGE) throw invalidValue(`MaxResults must be from 1 to ${PAGE}`);
  const urls = [...cloud.queues.values()]
    .filter(
      ({ arn, name }) => arn === `arn:aws:sqs:${region}:${caller.account}:${name}` && name.startsWith(prefix),
    )
    .map(({ url }) => url);
  const previous = token === undefined ? -1 : urls.indexOf(token);
  if (token !== undefined && previous === -1) throw invalidValue("Invalid NextToken");
  const page = urls.slice(previous + 1, previous + 1 + max);
  return { QueueUrls: page, NextToken: urls.length > previous + 1 + max ? page.at(-1) : undefined };
});
