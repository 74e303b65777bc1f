import { integer, string } from "../shapes";

/** The members of a list's input that select its page. */
export const PAGE = { MaxResults: integer({ min: 1, max: 20 }), NextToken: string({ max: 4096 }) };

/** Where they are query parameters. */
export const PAGE_QUERY = { MaxResults: "MaxResults", NextToken: "NextToken" };
