import { label, nothing, sensitiveStringMap, sensitiveStrings, structure } from "../smithy/shape";
import { command } from "./client";

export class TagResourceCommand extends command(
  "TagResource",
  ["PUT", "/tags/{ResourceArn}"],
  structure({ ResourceArn: label, Tags: sensitiveStringMap }),
  nothing,
) {}

export class UntagResourceCommand extends command(
  "UntagResource",
  ["POST", "/tags/{ResourceArn}"],
  structure({ ResourceArn: label, TagKeys: sensitiveStrings }),
  nothing,
) {}

export class ListTagsForResourceCommand extends command(
  "ListTagsForResource",
  ["GET", "/tags/{ResourceArn}"],
  structure({ ResourceArn: label }),
  structure({}, { Tags: sensitiveStringMap }),
) {}
