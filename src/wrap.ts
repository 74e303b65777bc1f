/** What a terminal has at least. */
export const COLUMNS = 80;

/**
 * The text in lines of at most 80 columns; a word that is longer, such as a link, is left whole.
 * @param first begins the first line
 * @param others begins the others
 */
export function wrap(text: string, first = "", others = `${first}  `): string {
  const [word = "", ...words] = text.split(" ");
  const lines = [first + word];
  for (const word of words) {
    const extended = `${lines.at(-1)} ${word}`;
    if (extended.length <= COLUMNS) lines[lines.length - 1] = extended;
    else lines.push(others + word);
  }
  return lines.join("\n");
}
