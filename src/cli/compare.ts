import { type Gate, gateExitCode, gateOf } from '../compare/gate.ts';
import { GATE_HEAD, gateRow, gateWords } from '../report/gate-text.ts';
import { loadResults } from './load-results.ts';
import { columns, print, printJson } from './output.ts';

/** `vgpubench compare BASE HEAD`: run directories, or results.json files. */
export function compare(
  base: string,
  head: string,
  options: { margin?: number | undefined; json: boolean },
): number {
  const gate = gateOf(loadResults(base), loadResults(head), options.margin);
  if (options.json) printJson(gate);
  else print(gateText(gate));
  return gateExitCode(gate);
}

export function gateText(gate: Gate): string {
  return [columns([GATE_HEAD, ...gate.cells.map(gateRow)], [3, 4, 5]), '', ...gateWords(gate)].join('\n');
}
