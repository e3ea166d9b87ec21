import { figure } from '../chart/spec.ts';
import type { OptionPair } from '../compare/option-pairs.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { oneLine } from '../words/printable.ts';
import { perOperation } from './modelled.ts';

/** The effect of each option that is the only difference between two modes: a sentence per pair. */
export function optionPairLines(results: Results): string[] {
  return results.pairs.map((pair) => {
    const { option, from, to, cells } = pair;
    const told = cells.map((cell) => cellWords(cell, pair, results));
    return `${option}: ${to.mode} (${valueWords(to.value)}) against ${from.mode} (${valueWords(from.value)}): ${told.join('; ')}`;
  });
}

/** A value as in the file, on one line; a default is omitted. */
function valueWords(value: unknown): string {
  if (value === undefined) return 'none';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), 60);
}

function cellWords(
  { workload, ratio, low, high, verdict, matters }: OptionPair['cells'][number],
  { option, from, to }: OptionPair,
  results: Results,
): string {
  const times = `${figure(ratio)} times as fast (${intervalWords(low, high, figure, 'no interval')}; ${verdict})`;
  if (!matters)
    return `${workload}: ${option} can have no effect, because both have the same crossings; ${times}`;
  const [before, after] = [from.mode, to.mode].map((mode) => {
    const one = results.comparisons.find((each) => each.mode === mode && each.workload === workload);
    return one === undefined ? undefined : perOperation(one, results);
  });
  const counts = before === undefined || after === undefined ? '' : `, ${after} instead of ${before}`;
  return `${workload}: ${times}${before === after ? '' : counts}`;
}
