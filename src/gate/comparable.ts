import { baselineOf } from '../experiment/baseline.ts';
import { Problem } from '../problem.ts';
import { armsOf } from '../compare/baselines.ts';
import { nameOf, sameCell } from '../compare/cell-name.ts';
import type { Cell, Results } from '../compare/results.ts';
import { type Specification, withDefaults } from '../compare/specification.ts';
import { canonical } from '../words/canonical.ts';

/**
 * What must match before figures are compared. Known before a run, so that a mismatch is rejected before it,
 * too.
 */
export type Asked = Pick<Results, 'baseline'> & { specification: Specification };

/** @throws Problem (exit code 2) if the same name means different things in the two runs. */
export function requireSameQuestion(base: Asked, head: Asked): void {
  if (base.baseline !== head.baseline)
    throw refusal({
      code: 'VGB-COMPARE-BASELINE',
      message: 'the runs have different baselines, so their ratios can’t be compared',
      expected: `${base.baseline}, as in BASE`,
      found: head.baseline,
      next: 'run the experiment with the same baseline',
    });
  requireSameBaselines(base, head);
  requireSameOptions('mode', base.specification.modes, head.specification.modes);
  requireSameOptions('workload', base.specification.workloads, head.specification.workloads);
}

/**
 * @throws Problem (exit code 2) if a cell's figures have another unit or direction, or the runs have no cell
 * in common.
 */
export function requireSameMetrics(base: readonly Cell[], head: readonly Cell[]): void {
  let common = 0;
  for (const cell of head) {
    const other = base.find((one) => sameCell(one, cell));
    if (other === undefined) continue;
    common++;
    if (other.unit !== cell.unit || other.better !== cell.better)
      throw refusal({
        code: 'VGB-COMPARE-METRIC',
        message: `${nameOf(cell)} is not the same metric in both runs`,
        expected: `${other.unit}, ${other.better} is better, as in BASE`,
        found: `${cell.unit}, ${cell.better} is better`,
        next: 'rename the metric if it means something else now, or run BASE again',
      });
  }
  // A HEAD without any figure is incomplete, which is handled elsewhere.
  if (common > 0 || (head.length === 0 && base.length > 0)) return;
  throw refusal({
    code: 'VGB-COMPARE-NOTHING',
    message: 'the runs have no cell in common',
    expected: base.length === 0 ? 'a BASE with figures' : `one of ${listed(base.map(nameOf))}, as in BASE`,
    found: base.length === 0 ? 'none' : listed(head.map(nameOf)),
    next: 'compare runs of the same experiment',
  });
}

/**
 * The effective baselines: a mode can be a baseline because another names it, and a named one may be the
 * default.
 */
function requireSameBaselines(base: Asked, head: Asked): void {
  for (const mode of Object.keys(head.specification.modes)) {
    if (!Object.hasOwn(base.specification.modes, mode)) continue;
    const [was, is] = [base, head].map((run) => baselineOf(mode, armsOf(run)));
    if (was === is) continue;
    throw refusal({
      code: 'VGB-COMPARE-BASELINE',
      message: `mode ${mode} has different baselines in the two runs, so its ratios can’t be compared`,
      expected: `${was ?? 'none, because it is a baseline itself'}, as in BASE`,
      found: is ?? 'none, because it is a baseline itself',
      next: 'give it the same baseline as in BASE (key baseline of the mode), or run BASE again',
    });
  }
}

function requireSameOptions(
  what: 'mode' | 'workload',
  base: Specification['modes'],
  head: Specification['modes'],
): void {
  for (const [name, asked] of Object.entries(head)) {
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    if (before === undefined) continue;
    const [other, options] = [withDefaults(what, before), withDefaults(what, asked)];
    const keys = [...new Set([...Object.keys(other), ...Object.keys(options)])].filter(
      (one) => what === 'workload' || one !== 'baseline',
    );
    const key = keys.find((one) => canonical(other[one]) !== canonical(options[one]));
    if (key === undefined) continue;
    throw refusal({
      code: what === 'mode' ? 'VGB-COMPARE-MODE' : 'VGB-COMPARE-WORKLOAD',
      message: `${what} ${name} is not the same in both runs`,
      expected: `${key}: ${shown(other[key])}, as in BASE`,
      found: `${key}: ${shown(options[key])}`,
      next: `rename the ${what} if it means something else now, or run BASE again`,
    });
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value).slice(0, 200);
}

/** The first few, and how many more. */
export function listed(names: readonly string[]): string {
  return names.length <= 5
    ? names.join('; ')
    : `${names.slice(0, 5).join('; ')} and ${names.length - 5} more`;
}

function refusal(text: { code: string; message: string; expected: string; found: string; next: string }) {
  return new Problem({ ...text, exitCode: 2 });
}
