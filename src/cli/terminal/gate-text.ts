import type { Gate } from '../../gate/gate.ts';
import { GATE_HEAD, gateRow, gateWords } from '../../report/gate-text.ts';
import { columns } from './output.ts';

export function gateText(gate: Gate): string {
  const rows = gate.cells.map((cell) => gateRow(cell, gate));
  return [columns([GATE_HEAD, ...rows], [3, 4, 5]), '', ...gateWords(gate)].join('\n');
}
