import type { Results } from '../compare/results.ts';
import type { Warning } from '../compare/warning.ts';

type Environment = Results['environment'][number];

/** Reboots between two runs are normal. */
const UNREMARKABLE = new Set(['boot']);

/** Facts that earlier versions did not record: a BASE without them says nothing about its machines. */
const NEWER =
  /^(affinity|online|hugepages|thp|numa|smt|vulnerable|lab guest CPUs|xen cmdline|v?bios|driver packages|program .*)$/;

/** What differed about the machines and the harness between two runs, a warning each. */
export function changesOf(base: Results, head: Results): Warning[] {
  const warn = (code: string, text: string): Warning => ({ code, text });
  const names = [...new Set([...base.environment, ...head.environment].map(({ target }) => target))];
  const targets = names.flatMap((name) => {
    const [was, is] = [base, head].map(({ environment }) =>
      environment.find(({ target }) => target === name),
    );
    if (was === undefined || is === undefined)
      return [warn('target-changed', `only ${was === undefined ? 'HEAD' : 'BASE'} has target ${name}`)];
    return differences(facts(was), facts(is)).map((text) =>
      warn(
        'environment-changed',
        `target ${name}: ${text}. This may explain differences: run BASE again under the present conditions`,
      ),
    );
  });
  const harness = differences(base.versions, head.versions).map((text) =>
    warn('harness-changed', `the harness’s ${text}`),
  );
  const repetition = differences(repetitionOf(base), repetitionOf(head)).map((text) =>
    warn('design-changed', `${text}: the runs may be warmed up differently. Use the same design for both`),
  );
  return [...targets, ...harness, ...repetition];
}

/** Whether anything about the machines themselves changed. */
export function sameMachines(warnings: readonly Warning[]): boolean {
  return warnings.every(({ code }) => code !== 'environment-changed' && code !== 'target-changed');
}

function facts({ fingerprint, shell, clock }: Environment): Record<string, string> {
  return { ...fingerprint, 'guest shell': shell, 'guest clock': clock.source };
}

function repetitionOf({ specification }: Results): Record<string, string> {
  return {
    'design.warmup': String(specification.warmup),
    'design.samples': String(specification.samples),
  };
}

function differences(was: Record<string, string>, is: Record<string, string>): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !UNREMARKABLE.has(name) && was[name] !== is[name])
    .filter((name) => name in was || !NEWER.test(name))
    .map((name) => `${name} was ${quoted(was[name])} and is ${quoted(is[name])}`);
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'unknown' : JSON.stringify(value);
}
