import { operation } from "../operation";
import { string, structure } from "../shapes";
import { setTopicAttribute } from "./attributes";
import { attributeMap, defaultPolicy, invalidParameter, notEmulated, type Topic, tagList } from "./topic";

const input = structure({ Name: string({}), Attributes: attributeMap, Tags: tagList }, ["Name"]);

/** Idempotent: a topic that exists is answered as it is, unless other attributes or tags are asked for. */
export const createTopic = operation("CreateTopic", input, (given, { caller, region, cloud }) => {
  if (given.Name.endsWith(".fifo")) throw notEmulated("A FIFO topic");
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(given.Name)) throw invalidParameter("Topic Name");
  const arn = `arn:aws:sns:${region}:${caller.account}:${given.Name}`;
  const topic: Topic = {
    arn,
    account: caller.account,
    region,
    attributes: new Map([["Policy", defaultPolicy(arn, caller.account)]]),
    tags: new Map(given.Tags?.map(({ Key, Value }) => [Key, Value])),
  };
  for (const [name, value] of given.Attributes ?? []) setTopicAttribute(topic, name, value);
  const existing = cloud.topics.get(arn);
  if (existing === undefined) cloud.topics.set(arn, topic);
  else if (conflicts(existing.attributes, given.Attributes)) {
    throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
  } else if (conflicts(existing.tags, topic.tags)) {
    throw invalidParameter("Tags Reason: Topic already exists with different tags");
  }
  return { TopicArn: arn };
});

const conflicts = (
  existing: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string> = new Map(),
): boolean => [...given].some(([name, value]) => existing.get(name) !== value);
