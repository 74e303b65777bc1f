import { COLUMNS } from "../src/wrap";

/** The demo's arguments in the session that docs/session.svg shows. */
export const SESSION = ["quickstart"];

const FONT_SIZE = 13;
/** What a character of the widest usual monospaced fonts takes. */
const CHARACTER = 0.602 * FONT_SIZE;
const LINE = 17;
const MARGIN = 16;
const TITLE_BAR = 28;
const BROKEN = new RegExp(`.{1,${COLUMNS}}`, "gu");
const WIDTH = Math.ceil(COLUMNS * CHARACTER) + 2 * MARGIN;

const STYLE = `
    .window{fill:#fff;stroke:#8c959f} .dot{fill:#8c959f} text{fill:#1f2328;white-space:pre}
    .bold{font-weight:600} .shown{fill:#57606a} .create{fill:#1a7f37} .replace{fill:#9a6700} .delete{fill:#cf222e}
    @media (prefers-color-scheme:dark){
      .window{fill:#0d1117;stroke:#6e7681} .dot{fill:#6e7681} text{fill:#e6edf3}
      .shown{fill:#9198a1} .create{fill:#3fb950} .replace{fill:#d29922} .delete{fill:#ff7b72}
    }
    @media screen and (prefers-reduced-motion:no-preference){text{animation:appear .2s backwards}}
    @keyframes appear{from{opacity:0}}
  `;

/** What the demo prints differently each time, such as a port, replaced by what is always the same. */
function normalize(printed: string): string {
  const ids = new Map<string, string>();
  return printed
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (id) => {
      const known = ids.get(id) ?? `00000000-0000-4000-8000-${`${ids.size + 1}`.padStart(12, "0")}`;
      ids.set(id, known);
      return known;
    })
    .replace(/\b127\.0\.0\.1:\d+/g, "127.0.0.1:4577")
    .replace(/^Done in .*$/m, "")
    .trim();
}

/** The picture of the recorded session, of what the demo printed in it. */
export const sessionSvg = (printed: string): string =>
  toSvg([`$ npm run demo -- ${SESSION.join(" ")}`, "", ...normalize(printed).split("\n")]);

/**
 * A picture of a terminal with these lines, of which one appears after the other. Where nothing moves, all are there.
 * A line that is too long is broken as a terminal breaks it.
 */
export function toSvg(lines: readonly string[]): string {
  const rows = lines.flatMap((line) =>
    (line.match(BROKEN) ?? [""]).map((text) => ({ text, look: classOf(line) })),
  );
  const height = TITLE_BAR + (rows.length + 1) * LINE;
  let delay = 0;
  const texts = rows.flatMap(({ text, look }, index) => {
    const at = `x="${MARGIN}" y="${TITLE_BAR + (index + 1) * LINE}" style="animation-delay:${delay}ms"`;
    delay += 100 + 5 * text.length;
    return text === "" ? [] : [`<text class="${look}" ${at}>${escapeXml(text)}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="A session in a terminal" font-family="ui-monospace, monospace" font-size="${FONT_SIZE}" xml:space="preserve">
  <style>${STYLE}</style>
  <rect class="window" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
  <circle class="dot" cx="20" cy="16" r="5"/><circle class="dot" cx="38" cy="16" r="5"/><circle class="dot" cx="56" cy="16" r="5"/>
  ${texts.join("\n  ")}
</svg>
`;
}

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^[$━]/, "bold"],
  [/^ {6}\+- /, "replace"],
  [/^ {6}\+ /, "create"],
  [/^ {6}- /, "delete"],
  [/^ {6}/, "shown"],
];

const classOf = (line: string): string => CLASSES.find(([pattern]) => pattern.test(line))?.[1] ?? "said";

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
