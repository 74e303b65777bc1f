import { operation } from "../operation";
import { string, structure } from "../shapes";
import { invalidParameter } from "./topic";

const PAGE = 100;

export const listTopics = operation(
  "ListTopics",
  structure({ NextToken: string({}) }, []),
  (given, invocation) => {
    const { caller, region, cloud } = invocation;
    const arns = [...cloud.topics.values()]
      .filter((topic) => topic.account === caller.account && topic.region === region)
      .map((topic) => topic.arn);
    const previous = given.NextToken === undefined ? -1 : arns.indexOf(given.NextToken);
    if (given.NextToken !== undefined && previous === -1) throw invalidParameter("NextToken");
    const page = arns.slice(previous + 1, previous + 1 + PAGE);
    return {
      Topics: page.map((TopicArn) => ({ TopicArn })),
      NextToken: arns.length > previous + 1 + PAGE ? page.at(-1) : undefined,
    };
  },
);
