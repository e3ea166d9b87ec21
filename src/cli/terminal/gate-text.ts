import type { GateCell } from '../../gate/cell.ts';
import type { Gate } from '../../gate/gate.ts';
import { GATE_HEAD, gateRow, gateWords } from '../../report/gate-text.ts';
import { coloured } from './answer-text.ts';
import { type Colours, columns } from './output.ts';

/** The cells, and the outcome. @param all Also the cells that are the same. */
export function gateText(gate: Gate, colours: Colours, all = true): string {
  const cells = gate.cells.filter(({ verdict }) => all || verdict !== 'same');
  const rows = cells.map((cell) => inColour(gateRow(cell, gate), cell, colours));
  const words = gateWords(gate);
  return [
    ...(rows.length === 0 ? [] : [columns([GATE_HEAD, ...rows], [3, 4, 5]), '']),
    ...words.slice(0, -1).map((line) => (line.startsWith('warning: ') ? colours.yellow(line) : line)),
    ...words.slice(-1).map((line) => COLOUR_OF[gate.outcome](colours)(line)),
  ].join('\n');
}

function inColour(row: readonly string[], { verdict, gates }: GateCell, colours: Colours): string[] {
  return row.map((text, at) => (at === row.length - 1 && gates ? coloured(verdict, text, colours) : text));
}

export const COLOUR_OF: Record<Gate['outcome'], (colours: Colours) => (text: string) => string> = {
  passed: ({ green }) => green,
  slower: ({ red }) => red,
  inconclusive: ({ yellow }) => yellow,
  incomplete: ({ red }) => red,
};
