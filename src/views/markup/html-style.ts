/** How the page of a plan looks: system fonts, light or dark as the reader's machine is, one column on a telephone. */
export const planStyle = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f8fa; --text: #1f2328; --faint: #59636e; --line: #d1d9e0;
  --bad: #cf222e; --bad-ground: #ffebe9; --warning: #9a6700; --warning-ground: #fff8c5;
  --good: #1a7f37; --good-ground: #dafbe1; --accent: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --raised: #161b22; --text: #e6edf3; --faint: #9198a1; --line: #3d444d;
    --bad: #ff7b72; --bad-ground: #3c1618; --warning: #e3b341; --warning-ground: #2e2408;
    --good: #56d364; --good-ground: #12321d; --accent: #4493f8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem clamp(0.9rem, 3vw, 2rem) 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 0; font-weight: 600; color: var(--faint); }
h2 { font-size: 0.85rem; margin: 2rem 0 0.6rem; text-transform: uppercase; letter-spacing: 0.06em; color: var(--faint); }
p, ul { margin: 0.25rem 0; }
code, pre { font: 0.875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 0.05em 0.35em; }
pre {
  margin: 0.5rem 0 0; padding: 0.7rem 0.9rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  overflow-x: auto; overflow-wrap: normal; white-space: pre;
}
.danger pre { white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.verdict { font-size: clamp(1.25rem, 1rem + 1.6vw, 1.75rem); line-height: 1.25; font-weight: 650; margin: 0.2rem 0 0.5rem; }
.facts { color: var(--faint); display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; }
.remark { margin-top: 0.4rem; }
.faint, .zero { color: var(--faint); }
.tag {
  font-size: 0.75rem; line-height: 1.4; border: 1px solid var(--line); border-radius: 1rem; padding: 0 0.55em;
  color: var(--faint); white-space: nowrap; display: inline-block;
}
.tag.bad { color: var(--bad); border-color: currentColor; background: var(--bad-ground); }
.danger { border-left: 4px solid; border-radius: 6px; padding: 0.55rem 0.9rem; margin: 0.5rem 0; }
.danger p { margin: 0; }
.what { display: flex; flex-wrap: wrap; gap: 0.1rem 0.8rem; align-items: baseline; }
.what .hosts { line-height: 1.7; }
.danger details { margin-top: 0.25rem; font-size: 0.9rem; }
.danger details > summary { color: var(--faint); }
.danger.bad { border-color: var(--bad); background: var(--bad-ground); }
.danger.bad strong { color: var(--bad); }
.danger.warning { border-color: var(--warning); background: var(--warning-ground); }
.danger.warning strong { color: var(--warning); }
.hosts { max-height: 12rem; overflow-y: auto; line-height: 1.9; }
table { border-collapse: collapse; }
.waves { width: 100%; }
.waves th, .waves td { text-align: left; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.waves tbody th { min-width: 8rem; }
.waves thead th { font-size: 0.8rem; font-weight: 500; color: var(--faint); }
.waves thead th:nth-child(n+2):nth-child(-n+5), .waves .count { text-align: right; font-variant-numeric: tabular-nums; width: 5rem; }
.waves thead th:nth-child(n+6), .waves .changes, .waves .limits { padding-left: 1rem; }
.waves .limits { color: var(--faint); min-width: 11rem; }
.shared { color: var(--faint); margin-top: 0.5rem; }
a { color: var(--accent); text-decoration: none; font-weight: 600; }
a:hover, a:focus-visible { text-decoration: underline; }
.waves .bad { color: var(--bad); font-weight: 650; }
.waves .warning { color: var(--warning); font-weight: 650; }
.change { border: 1px solid var(--line); border-radius: 8px; margin: 0.6rem 0; padding: 0 0.9rem; }
.change > summary { padding: 0.6rem 0; }
.letter { color: var(--accent); }
.anchor { scroll-margin-top: 4rem; margin: 0; }
.rest { margin-top: 2rem; }
.rest .what, .rest > p, .rest > details { margin: 0.4rem 0; }
.rest .what p { margin: 0; }
.change[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: 0.6rem; }
.change > summary .said { display: block; color: var(--faint); font-size: 0.93rem; padding-left: 1.1rem; }
.change[open] > summary .said { display: none; }
.change[open] { padding-bottom: 0.8rem; }
dl { display: grid; grid-template-columns: minmax(7rem, 13rem) 1fr; gap: 0.5rem 1rem; margin: 0.6rem 0; }
dt { font-weight: 600; }
dd { margin: 0; min-width: 0; }
dd p { margin: 0; }
.names { line-height: 1.9; }
.verb { display: inline-block; min-width: 6.6rem; color: var(--faint); }
.verb.gone { color: var(--bad); }
.inherited > summary { color: var(--faint); }
.packages td { padding: 0.12rem 1rem 0.12rem 0; vertical-align: baseline; }
.packages td.mark { padding-right: 0.5rem; font-weight: 700; text-align: center; }
.removed .mark, .down .mark { color: var(--bad); }
.added .mark, .up .mark { color: var(--good); }
abbr { text-decoration: none; color: var(--accent); padding-left: 0.2em; }
.patch { margin-top: 0.7rem; }
ins, del, pre i, pre span { display: block; width: max-content; min-width: 100%; text-decoration: none; font-style: normal; }
ins { background: var(--good-ground); color: var(--good); }
del { background: var(--bad-ground); color: var(--bad); }
pre i { color: var(--faint); }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.command { white-space: pre-wrap; overflow-wrap: anywhere; }
footer .faint { font-size: 0.8rem; }
@media (max-width: 640px) {
  .waves thead { display: none; }
  .waves tr { display: flex; flex-wrap: wrap; gap: 0 1.1rem; border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  .waves th, .waves td, .waves .changes, .waves .limits { border: 0; padding: 0; }
  .waves th, .waves .limits { flex: 1 0 100%; min-width: 0; }
  .waves .count { width: auto; text-align: left; }
  .waves .count::before, .waves .changes::before { content: attr(data-label) " "; color: var(--faint); font-size: 0.8rem; font-weight: 400; }
  dl { grid-template-columns: 1fr; gap: 0.15rem; }
  dd { margin-bottom: 0.6rem; }
}
@media print { .hosts { max-height: none; } }
`
