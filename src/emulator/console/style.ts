/** The style of the console's pages: system fonts, light and dark, no meaning in colour alone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f3f4f7; --card: #ffffff; --text: #16202e; --soft: #4c5a6d; --line: #c5ccd6; --field: #6b7889;
  --accent: #0b5cad; --on-accent: #ffffff; --danger: #a81d1d; --good: #17683a; --mark: #e7effa;
  --strip: #3b2a00; --on-strip: #ffe9b3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --card: #19212b; --text: #e8edf3; --soft: #a9b6c6; --line: #364352; --field: #8695a7;
    --accent: #86bdff; --on-accent: #06213f; --danger: #ff9b94; --good: #7fdba2; --mark: #22344a;
    --strip: #ffdf94; --on-strip: #2f2200;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { background: var(--strip); color: var(--on-strip); }
header div { max-width: 72rem; margin: 0 auto; padding: .25rem 1.25rem; display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 1.5rem; }
header p { margin: 0; }
header a { color: inherit; display: inline-block; padding: .6rem 0; }
header :focus-visible { outline-color: currentColor; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.columns { display: grid; gap: 1.25rem; margin-top: 1.25rem; }
.columns > div { display: grid; gap: 1.25rem; align-content: start; min-width: 0; }
.columns > .card { min-width: 0; }
@media (min-width: 60rem) {
  .columns:has(> div) { grid-template-columns: 3fr 2fr; }
  .asked { grid-template: auto 1fr / 3fr 2fr; }
  .asked > .aside { grid-area: 1 / 2 / 3 / 3; }
}
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem; min-width: 0; }
.card > :last-child { margin-bottom: 0; }
.state { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: baseline; }
.state p { margin: 0; }
.badge { border: 2px solid currentColor; border-radius: .4rem; padding: .05rem .55rem; font-weight: 700; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--danger); }
.soft { color: var(--soft); }
.alert { border: 2px solid var(--danger); border-left-width: .6rem; margin-bottom: 1.25rem; }
.said { white-space: pre-wrap; }
dl { margin: 0; display: grid; gap: .6rem; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0; }
@media (max-width: 30rem) {
  main { padding: 1rem .75rem 2rem; }
  header div { padding: .25rem .75rem; }
  h1 { font-size: 1.4rem; }
  .columns, .columns > div { gap: .75rem; }
  .card { padding: 1rem; }
}
@media (min-width: 40rem) {
  dl > div { display: grid; grid-template-columns: 10rem 1fr; gap: 1rem; align-items: baseline; }
}
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
caption { text-align: left; padding-bottom: .3rem; color: var(--soft); font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; }
td ul { margin: 0; padding-left: 1.1rem; }
code, pre { font: .9rem/1.45 ui-monospace, monospace; }
pre { background: var(--page); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: 0; overflow: auto; max-height: 34rem; white-space: pre-wrap; }
form { margin: 0; }
label { display: block; font-weight: 600; }
.check { display: flex; align-items: center; }
.check input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent); }
.check label { padding: .7rem 0 .7rem .75rem; }
.hint { color: var(--soft); font-size: .9rem; margin: .15rem 0 .75rem; }
.check + .hint { margin-left: 2.25rem; }
input[type=text], textarea {
  display: block; width: 100%; min-height: 2.75rem; margin: .3rem 0; padding: .5rem .65rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--field); border-radius: .4rem;
}
button {
  font: inherit; font-weight: 600; min-height: 2.75rem; padding: .45rem 1.1rem; border-radius: .4rem; cursor: pointer;
  border: 2px solid var(--accent); background: var(--accent); color: var(--on-accent);
}
button:hover { text-decoration: underline; }
button.second { background: transparent; color: var(--accent); }
button.danger { background: transparent; color: var(--danger); border-color: var(--danger); }
details form { padding-bottom: .25rem; }
details { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .6rem; }
summary { cursor: pointer; font-weight: 600; padding: .7rem 0; }
.list { list-style: none; margin: 0 0 1.25rem; padding: 0; }
.list li { border-top: 1px solid var(--line); padding: .6rem 0; }
.list p { margin: 0; }
.list a { display: inline-block; padding: .4rem 0; }
.list bdi { overflow-wrap: anywhere; }
.history { list-style: none; margin: 0; padding: 0; }
.history li { border-left: 3px solid var(--accent); padding: 0 0 .9rem .9rem; }
.history .to-come { border-left: 3px dotted var(--field); color: var(--soft); }
.history [aria-current] { background: var(--mark); border-radius: 0 .4rem .4rem 0; padding: .5rem .9rem; margin-bottom: .9rem; }
.history li:last-child { margin-bottom: 0; }
.history .to-come:last-child { padding-bottom: 0; }
.history p { margin: 0; font-size: .9rem; }
.history code { font-size: .85rem; }
.news { position: sticky; bottom: 0; max-width: 72rem; margin: 0 auto; padding: 0 1.25rem 1rem; }
.news:empty { padding: 0; }
.news span { display: inline-block; background: var(--text); color: var(--page); border-radius: .4rem; padding: .5rem .9rem; }
`;
