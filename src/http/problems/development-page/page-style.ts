/** @module The style of the development page, light and dark, narrow and wide. */
import { Html } from './html.ts'

export const STYLE = new Html(`
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #15171b);
  --card: light-dark(#fff, #1d2026);
  --line: light-dark(#e3e0d9, #2f343d);
  --ink: light-dark(#22252b, #e4e6ea);
  --soft: light-dark(#696d76, #9aa1ad);
  --ours: light-dark(#b3261e, #ff8f85);
  --theirs: light-dark(#8a5a00, #f2bd55);
  --failing: light-dark(#fdeceb, #3b2224);
  --hint: light-dark(#e9f3ec, #1c2f25);
  --hint-ink: light-dark(#1d5b36, #8fd6aa);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; }
body {
  max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif;
}
code, .source, th, td { font-family: var(--mono); font-size: .85rem; }
code, td, h1 { overflow-wrap: anywhere; }
h1 { margin: .6rem 0; font-size: clamp(1.35rem, 1rem + 1.8vw, 2rem); line-height: 1.25; font-weight: 650; white-space: pre-wrap; }
h2 { margin: 0; padding: .7rem 1.1rem; border-bottom: 1px solid var(--line); font-size: .85rem; font-weight: 600; color: var(--soft); overflow-wrap: anywhere; }
.line { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .8rem; margin: 0; color: var(--soft); }
.ours, .theirs { padding: .1rem .7rem; border: 1.5px solid; border-radius: 2rem; font-size: .85rem; }
.ours { color: var(--ours); }
.theirs { color: var(--theirs); }
.hint { margin: 1.2rem 0 0; padding: .75rem 1.1rem; border-radius: .6rem; background: var(--hint); color: var(--hint-ink); overflow-wrap: anywhere; }
main { display: grid; gap: 1rem; margin-top: 1.6rem; }
section { min-width: 0; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); overflow: hidden; }
section > p { margin: 0; padding: .8rem 1.1rem; overflow-wrap: anywhere; }
.path { display: flex; flex-wrap: wrap; gap: .3rem .6rem; }
.path code + code::before { content: '→'; margin-right: .6rem; color: var(--soft); }
.source { margin: 0; padding: .6rem 0; overflow-x: auto; line-height: 1.65; list-style: none; tab-size: 2; }
.source li { width: max-content; min-width: 100%; padding: 0 1.1rem; white-space: pre; }
.source li::before { content: attr(data-line); display: inline-block; min-width: 2rem; margin-right: 1.2rem; text-align: right; font-weight: 400; color: var(--soft); user-select: none; }
.source .failing { background: var(--failing); box-shadow: inset 3px 0 var(--ours); font-weight: 600; }
.stack { margin: 0; padding: .5rem 1.1rem; list-style: none; overflow-wrap: anywhere; }
.stack li { padding: .15rem 0; }
.stack code { color: var(--soft); }
details { border-top: 1px solid var(--line); color: var(--soft); }
h2 + details { border-top: 0; }
details + .stack { border-top: 1px solid var(--line); }
summary { padding: .5rem 1.1rem; font-size: .85rem; cursor: pointer; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .45rem 1.1rem; text-align: left; vertical-align: top; }
.prose td { font-family: inherit; font-size: .95rem; }
tr + tr > * { border-top: 1px solid var(--line); }
th { width: 13rem; font-weight: 500; color: var(--soft); overflow-wrap: anywhere; }
footer { margin-top: 1.6rem; font-size: .85rem; color: var(--soft); }
@media (max-width: 40rem) {
  body { padding: 1.25rem .75rem 2rem; }
  th, td { display: block; width: auto; padding: .4rem 1.1rem 0; }
  td { padding: 0 1.1rem .4rem; }
  tr > td { border-top: 0 !important; }
}
`)
