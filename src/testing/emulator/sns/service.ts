import { queryProtocol } from "../protocols/query";
import { service } from "../service";
import { createTopic } from "./createTopic";
import { deleteTopic } from "./deleteTopic";
import { getSubscriptionAttributes } from "./getSubscriptionAttributes";
import { getTopicAttributes } from "./getTopicAttributes";
import { listSubscriptions, listSubscriptionsByTopic } from "./listSubscriptions";
import { listTopics } from "./listTopics";
import { publishMessage } from "./publish";
import { setSubscriptionAttributes } from "./setSubscriptionAttributes";
import { setTopicAttributes } from "./setTopicAttributes";
import { subscribe } from "./subscribe";
import { listTagsForResource, tagResource, untagResource } from "./tags";
import { unsubscribe } from "./unsubscribe";

/** SNS, API version 2010-03-31: standard topics that deliver to SQS queues. */
export const sns = service({
  name: "sns",
  protocol: queryProtocol({ version: "2010-03-31", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }),
  operations: [
    createTopic,
    deleteTopic,
    listTopics,
    getTopicAttributes,
    setTopicAttributes,
    subscribe,
    unsubscribe,
    listSubscriptions,
    listSubscriptionsByTopic,
    getSubscriptionAttributes,
    setSubscriptionAttributes,
    publishMessage,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
});
