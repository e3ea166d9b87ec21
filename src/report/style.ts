/** The page's style: black on white, readable in print, and nothing told by colour alone. */
export const STYLE = `
:root { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid #ccc; padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .2rem; }
p, ul { margin: .4rem 0; }
.lead { color: #444; }
.warn { border-left: .3rem solid #D55E00; padding: .3rem .8rem; background: #fdf3ec; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #e2e2e2; vertical-align: top; }
th { border-bottom: 2px solid #999; }
td.number { text-align: right; white-space: nowrap; }
td.verdict { white-space: nowrap; }
td.slower, td.faster { font-weight: 700; }
figure { margin: .6rem 0 1.4rem; break-inside: avoid; }
figcaption { font-size: .85rem; color: #444; }
.canvas { position: relative; width: 100%; overflow: hidden; }
pre { background: #f5f5f5; padding: .7rem; overflow-x: auto; font-size: .82rem; white-space: pre-wrap; overflow-wrap: anywhere; }
td pre { margin: 0; padding: .3rem; max-height: 9rem; overflow-y: auto; }
details > summary { cursor: pointer; font-size: .85rem; color: #444; }
@media print {
  body { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  td pre { max-height: none; }
  details > summary { display: none; }
}
`;
