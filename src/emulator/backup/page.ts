import { integer, string } from "../shapes";

/** The members of a list's input that select its page. */
export const PAGE = { MaxResults: integer({ min: 1, max: 1000 }), NextToken: string({}) };

/** Their names as query parameters. */
export const PAGE_QUERY = { maxResults: "MaxResults", nextToken: "NextToken" };
