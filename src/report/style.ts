import { FONT_FAMILY } from '../chart/spec.ts';

/** The page's style: light and dark, from 400 px to paper, with nothing shown by colour alone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1a1a1a; --quiet: #555; --paper: #fff; --line: #ddd; --strong: #999; --raised: #f5f5f5;
  --slower: #fbe3d6; --faster: #d8efe5; --same: #e9eef3; --warn: #fdf3ec; --warned: #b34700; --link: #0060a0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e8e8; --quiet: #aaa; --paper: #16181b; --line: #3a3d42; --strong: #777; --raised: #22252a;
    --slower: #5a2f1a; --faster: #14493a; --same: #26313c; --warn: #33241b; --warned: #ff9c5a; --link: #7fc4ff;
  }
}
html { font: 15px/1.5 ${FONT_FAMILY}; color: var(--ink); background: var(--paper); }
body { max-width: 72rem; margin: 0 auto; padding: 1.2rem; }
a { color: var(--link); }
h2, h3 { scroll-margin-top: .4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .2rem; }
h4 { font-size: .9rem; margin: 1rem 0 .2rem; }
p, ul { margin: .4rem 0; }
small { display: block; font-size: .8rem; color: var(--quiet); font-weight: 400; }
.lead { color: var(--quiet); }
.warn { border-left: .3rem solid var(--warned); padding: .3rem .8rem; background: var(--warn); }
.scroll { overflow-x: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--quiet); padding: .4rem 0; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { border-bottom: 2px solid var(--strong); }
td.number { text-align: right; white-space: nowrap; }
td.verdict { white-space: nowrap; }
td.slower, td.faster { font-weight: 700; }
table.answer td { vertical-align: middle; padding-top: .15rem; padding-bottom: .15rem; }
table.answer tbody th { vertical-align: middle; font-size: 1.05rem; }
.figure strong { font-size: 1.35rem; white-space: nowrap; }
td.bar { width: 24%; min-width: 9rem; }
table.answer td { font-size: .85rem; }
td.crosses, td.figure, table.answer tbody th { white-space: nowrap; }
td.bar svg { display: block; width: 100%; height: 30px; }
td.bar rect { stroke: var(--ink); stroke-width: .5; vector-effect: non-scaling-stroke; }
.whisker, .one { fill: none; stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.one { stroke: var(--quiet); stroke-dasharray: 4 3; }
.pairs { font-size: 1.05rem; }
table.matrix th:not(:first-child) { text-align: right; }
table.matrix td { text-align: right; white-space: nowrap; font-weight: 400; }
table.matrix td { position: relative; }
table.matrix td a { color: inherit; text-decoration: none; display: block; }
table.matrix td a:hover, table.matrix td a:focus { text-decoration: underline; }
table.matrix th button { font: inherit; font-weight: 700; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
table.matrix th button:hover { text-decoration: underline; }
.interval { position: absolute; right: 0; top: 100%; z-index: 1; padding: .15rem .6rem; background: var(--raised); border: 1px solid var(--strong); font-size: .8rem; font-weight: 400; opacity: 0; pointer-events: none; }
table.matrix tbody tr:last-child .interval { top: auto; bottom: 100%; }
td a:hover .interval, td a:focus .interval { opacity: 1; }
.filters { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: .6rem 0 .2rem; font-size: .9rem; }
.filters select, .filters button { font: inherit; max-width: 16rem; color: var(--ink); background: var(--raised); border: 1px solid var(--strong); border-radius: .2rem; padding: .1rem .4rem; }
.count { font-size: .85rem; color: var(--quiet); }
.axis { font-size: .85rem; color: var(--quiet); }
.verdict .large { font-size: 1.35rem; }
#cell h2:focus { outline: none; }
[hidden] { display: none; }
table.matrix tbody tr:hover { outline: 1px solid var(--strong); }
.gate { border: 2px solid var(--strong); border-radius: .4rem; padding: .2rem .8rem .6rem; margin: .8rem 0; }
.gate.failed { border-color: var(--warned); }
.gate h2 { margin-top: .4rem; border: 0; }
table.matrix td.slower { background: var(--slower); }
table.matrix td.faster { background: var(--faster); }
table.matrix td.same { background: var(--same); }
figure { margin: .6rem 0 1.4rem; break-inside: avoid; }
figcaption { font-size: .85rem; color: var(--quiet); }
.canvas { position: relative; width: 100%; overflow: hidden; background: #fff; }
pre { background: var(--raised); padding: .7rem; overflow-x: auto; font-size: .82rem; white-space: pre-wrap; overflow-wrap: anywhere; }
td pre { margin: 0; padding: .3rem; max-height: 9rem; overflow-y: auto; }
details > summary { cursor: pointer; font-size: .85rem; color: var(--quiet); }
@media (max-width: 44rem) {
  body { padding: .8rem; }
  table.answer thead { display: none; }
  table.answer, table.answer tbody, table.answer caption { display: block; }
  table.answer tr { display: block; border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .4rem; }
  table.answer th, table.answer td { display: block; width: auto; border: 0; padding: .1rem .3rem; white-space: normal; }
}
@media print {
  :root {
    --ink: #000; --quiet: #444; --paper: #fff; --line: #ccc; --strong: #888; --raised: #f5f5f5;
    --slower: #fbe3d6; --faster: #d8efe5; --same: #e9eef3; --warn: #fff; --warned: #b34700; --link: #000;
  }
  html { font-size: 10px; }
  body { max-width: none; padding: 0; }
  nav, .long, .filters, .count, .axis { display: none; }
  .interval { position: static; display: block; opacity: 1; border: 0; background: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  .scroll { overflow: visible; }
  .canvas { height: auto !important; }
  canvas { width: 65% !important; height: auto !important; }
  td.bar { min-width: 6rem; }
  th, td { padding: .15rem .35rem; }
  td.number, td.verdict, table.matrix td, .figure strong { white-space: normal; }
  td pre { max-height: none; }
  details > summary { display: none; }
}
`;
