import type { Asked, Detail, Sentence } from "./model";

/** What a step of one resource adds to a section. */
export interface Remark {
  text: Sentence;
  details?: Detail[];
  asks?: Asked[];
}

export interface Reviewed {
  access?: Remark;
  votes?: Remark;
  destroyed?: Remark;
  quiet?: Remark;
}
