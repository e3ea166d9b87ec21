/**
 * Annotations that GitHub shows next to a job: workflow commands, one per line, which its runner removes from
 * the log.
 */
import type { GateCell } from '../gate/cell.ts';
import type { Gate } from '../gate/gate.ts';
import { gateOutcome, gateRow } from '../report/gate-text.ts';
import { printable } from '../words/printable.ts';

/** GitHub keeps ten of a kind per step, and silently drops the rest. */
const MOST = 10;

type Kind = 'error' | 'warning' | 'notice';

interface Annotation {
  kind: Kind;
  title: string;
  text: string;
}

/** The gate’s outcome, each cell that is not the same, and the gate’s warnings; at most ten of a kind. */
export function githubAnnotations(gate: Gate): string[] {
  const counted = gate.cells.filter(({ gates, verdict }) => gates && verdict !== 'same');
  const all: Annotation[] = [
    { kind: OUTCOME[gate.outcome], title: 'gate', text: gateOutcome(gate) },
    ...counted.map((cell) => cellAnnotation(cell, gate)),
    ...gate.warnings.map(({ code, text }) => ({ kind: 'warning' as const, title: code, text })),
  ];
  return (['error', 'warning', 'notice'] as const).flatMap((kind) =>
    fewOf(all.filter((one) => one.kind === kind)).map(command),
  );
}

const OUTCOME: Record<Gate['outcome'], Kind> = {
  passed: 'notice',
  slower: 'error',
  inconclusive: 'warning',
  incomplete: 'error',
};

const VERDICT: Record<GateCell['verdict'], Kind> = {
  slower: 'error',
  inconclusive: 'warning',
  faster: 'notice',
  same: 'notice',
};

function cellAnnotation(cell: GateCell, gate: Gate): Annotation {
  const [mode, workload, metric, base, head, change, interval] = gateRow(cell, gate);
  const text = `${change} of BASE, interval ${interval}; BASE ${base}, HEAD ${head}`;
  return { kind: VERDICT[cell.verdict], title: `${cell.verdict}: ${mode}, ${workload}: ${metric}`, text };
}

function fewOf(own: readonly Annotation[]): readonly Annotation[] {
  const [first] = own;
  if (first === undefined || own.length <= MOST) return own;
  const text = `and ${own.length - MOST + 1} more, in the report`;
  return [...own.slice(0, MOST - 1), { kind: first.kind, title: 'gate', text }];
}

function command({ kind, title, text }: Annotation): string {
  return `::${kind} title=${inProperty(title)}::${inMessage(text)}`;
}

/** Line breaks would begin another command. */
function inMessage(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
