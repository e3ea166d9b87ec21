import type { Gate } from '../../gate/gate.ts';
import { GATE_HEAD, gateRow, gateWords } from '../../report/gate-text.ts';
import { columns } from './output.ts';

export function gateText(gate: Gate): string {
  return [columns([GATE_HEAD, ...gate.cells.map(gateRow)], [3, 4, 5]), '', ...gateWords(gate)].join('\n');
}
