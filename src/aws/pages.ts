/** All items of a list that AWS returns in pages. */
export async function pagesOf<T>(
  page: (token: string | undefined) => Promise<{ items?: T[] | undefined; NextToken?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items = [], NextToken } = await page(token);
    all.push(...items);
    token = NextToken;
  } while (token);
  return all;
}
