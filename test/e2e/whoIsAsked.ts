/** Every line of an operation's diagnostics that says whom a change asks. Pulumi repeats them while it runs, behind other text. */
export const asked = (text: string): string[] =>
  text.match(/(?<=^ {4})\w+ it: .* (?:will|may) (?:be asked|vote|have to vote) .*/gm) ?? [];
