import { awsJsonProtocol } from "../protocols/awsJson";
import { service } from "../service";
import { changeMessageVisibility } from "./changeMessageVisibility";
import { createQueue } from "./createQueue";
import { deleteMessage, deleteMessageBatch } from "./deleteMessage";
import { deleteQueue } from "./deleteQueue";
import { getQueueAttributes } from "./getQueueAttributes";
import { getQueueUrl } from "./getQueueUrl";
import { listQueues } from "./listQueues";
import { purgeQueue } from "./purgeQueue";
import { receiveMessage } from "./receiveMessage";
import { sendMessage } from "./sendMessage";
import { setQueueAttributes } from "./setQueueAttributes";
import { listQueueTags, tagQueue, untagQueue } from "./tags";

/** SQS: standard queues. */
export const sqs = service({
  name: "sqs",
  protocol: awsJsonProtocol("AmazonSQS", "com.amazonaws.sqs"),
  operations: [
    createQueue,
    deleteQueue,
    getQueueUrl,
    listQueues,
    getQueueAttributes,
    setQueueAttributes,
    purgeQueue,
    sendMessage,
    receiveMessage,
    deleteMessage,
    deleteMessageBatch,
    changeMessageVisibility,
    tagQueue,
    untagQueue,
    listQueueTags,
  ],
});
