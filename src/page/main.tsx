/** The program of the report's page: adds what HTML alone can't do, from the page's own data. */
import { render } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { PageCell, PageData } from '../report/page-data.ts';
import { addressOf, cellAt, isSameCell } from './address.ts';
import { CellPage } from './cell.tsx';
import { ChartCanvas } from './chart.tsx';
import { Matrix } from './matrix.tsx';
import { unpacked } from './unpacked.ts';

function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

const report = elementOf('report');
const behind = elementOf('cell');

/** The cell named by the address, in place of the report. */
function Opened({ data }: { data: PageData }) {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', follow);
    // It may have changed since it was read.
    follow();
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  const name = cellAt(hash);
  const cell = name === undefined ? undefined : data.cells.find((one) => isSameCell(one, name));
  useShown(cell, hash);
  return cell === undefined ? null : <CellPage cell={cell} data={data} />;
}

/** Shows one and hides the other, and restores the scroll position on return. */
function useShown(cell: PageCell | undefined, hash: string): void {
  const [left, leave] = useState<PageCell | undefined>(undefined);
  // Before the cell's own effects: hidden elements can't be focused.
  useLayoutEffect(() => {
    report.hidden = cell !== undefined;
    behind.hidden = cell === undefined;
    if (cell !== undefined) leave(cell);
    else if (left !== undefined) {
      const link = report.querySelector<HTMLElement>(`a[href=${JSON.stringify(addressOf(left))}]`);
      if (hash === '' || hash === '#matrix') link?.focus();
      else document.getElementById(hash.slice(1))?.scrollIntoView();
    }
  }, [cell, hash]);
}

/** What scrolls must be reachable by keyboard; a focus stop on what does not would only be in the way. */
const reachable = new ResizeObserver((resized) => {
  for (const { target } of resized) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls) target.setAttribute('tabindex', '0');
    else target.removeAttribute('tabindex');
  }
});

async function start(): Promise<void> {
  const data = (await unpacked(elementOf('data').textContent)) as PageData;
  if (data.cells.length > 0) {
    const place = elementOf('matrix-cells');
    place.replaceChildren();
    render(<Matrix data={data} />, place);
  }
  for (const place of document.querySelectorAll<HTMLElement>('[data-chart]')) {
    const chart = data.charts.find(({ id }) => id === place.dataset['chart']);
    if (chart !== undefined) render(<ChartCanvas chart={chart} />, place);
  }
  render(<Opened data={data} />, behind);
}

void start();
for (const scroller of document.querySelectorAll<HTMLElement>('.scroll, pre')) reachable.observe(scroller);
addEventListener('beforeprint', () => {
  // Paper can't be clicked, so everything printed is unfolded.
  for (const folded of document.querySelectorAll('details'))
    if (folded.closest('.long, figure') === null) folded.open = true;
});
