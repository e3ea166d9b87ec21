import { MOST_NAMES, isTellableFigure, isTellableName } from '../words/told.ts';
import { Column } from './column.ts';
import type { EventOf, ProbeVerdict } from './event.ts';

/** A metric of a trial, by row. */
export interface MetricColumn {
  unit: string;
  better: 'higher' | 'lower';
  values: Column;
}

/**
 * One guest's run of the workload, for one sample: its readings are the rows from `from` up to, but not
 * including, `to`.
 */
export interface GuestRows {
  /** From 0, over warm-ups and samples alike. */
  sample: number;
  warmup: boolean;
  target: string;
  /** By the guest's clock, in ns; NaN if it was not measured. */
  durationNs: number;
  from: number;
  to: number;
}

/**
 * The samples of one attempt at a trial, including warm-ups, in the journal's order, as numbers in typed
 * arrays. A row is a reading of a guest's run; a column is a metric, a phase or a kind of crossing or
 * hypercall, with NaN if the reading has no such figure. Names keep the order in which they were first met.
 * Values that an older vgpubench accepted but that can't be summed or shown, and those whose names change in
 * each sample, are left out.
 */
export class SampleTable {
  readonly metrics = new Map<string, MetricColumn>();
  /** In ns. */
  readonly phases = new Map<string, Column>();
  readonly crossings = new Map<string, Column>();
  readonly hypercalls = new Map<string, Column>();
  /** How many operations a reading represents, by row. */
  readonly operations = new Column();
  /** Texts that programs reported, by row. */
  readonly checksums = new Map<number, string>();
  /** The share of a reading spent on the clock, by row. */
  readonly clockShares = new Column();
  readonly verdicts = new Map<number, ProbeVerdict>();
  /** How many figures are left out. */
  leftOut = 0;
  readonly #targets: string[] = [];
  /** One entry per run of a guest: its sample, its target's index, its duration, and its first row. */
  readonly #runs = {
    sample: new Column(),
    target: new Column(),
    durationNs: new Column(),
    from: new Column(),
  };
  #runCount = 0;
  #rowCount = 0;
  /** One entry per sample: 1 for a warm-up, and the time between its first and last guest's start. */
  readonly #warmups = new Column();
  readonly #spreadsNs = new Column();
  #sampleCount = 0;

  /** The guests that gave samples. */
  get targets(): readonly string[] {
    return this.#targets;
  }

  /** Number of samples, including warm-ups. */
  get samples(): number {
    return this.#sampleCount;
  }

  append(event: Pick<EventOf<'sample'>, 'warmup' | 'startSpreadNs' | 'guests'>): void {
    const sample = this.#sampleCount++;
    this.#warmups.set(sample, event.warmup ? 1 : 0);
    if (event.startSpreadNs !== null) this.#spreadsNs.set(sample, event.startSpreadNs);
    for (const { target, durationNs, readings } of event.guests) {
      const run = this.#runCount++;
      this.#runs.sample.set(run, sample);
      this.#runs.target.set(run, this.#placeOf(target));
      if (durationNs !== null && isTellableFigure(durationNs)) this.#runs.durationNs.set(run, durationNs);
      this.#runs.from.set(run, this.#rowCount);
      for (const reading of readings) this.#addRow(this.#rowCount++, reading);
    }
  }

  /** Every guest's run, in order. */
  *guestRuns(): Generator<GuestRows> {
    for (let run = 0; run < this.#runCount; run++) {
      const sample = this.#runs.sample.at(run);
      yield {
        sample,
        warmup: this.isWarmup(sample),
        target: this.#targets[this.#runs.target.at(run)] ?? '',
        durationNs: this.#runs.durationNs.at(run),
        from: this.#runs.from.at(run),
        to: run + 1 < this.#runCount ? this.#runs.from.at(run + 1) : this.#rowCount,
      };
    }
  }

  isWarmup(sample: number): boolean {
    return this.#warmups.at(sample) === 1;
  }

  /** Time between the first and the last guest's start, in ns; NaN for one guest. */
  startSpreadNs(sample: number): number {
    return this.#spreadsNs.at(sample);
  }

  #addRow(row: number, reading: EventOf<'sample'>['guests'][number]['readings'][number]): void {
    const { metrics, phases, crossings, hypercalls, operations, checksum, clockShare, verdict } = reading;
    for (const { name, unit, better, value } of metrics)
      // For a metric, whose logarithm is taken.
      if (this.#takes(this.metrics, name, value > 0 ? value : Number.NaN))
        columnIn(this.metrics, name, () => ({ unit, better, values: new Column() })).values.set(row, value);
    this.#addNumbers(this.phases, row, phases);
    this.#addNumbers(this.crossings, row, crossings);
    if (hypercalls !== undefined) this.#addNumbers(this.hypercalls, row, hypercalls);
    if (operations !== undefined && isTellableFigure(operations)) this.operations.set(row, operations);
    if (checksum !== undefined) this.checksums.set(row, checksum);
    if (clockShare !== undefined) this.clockShares.set(row, clockShare);
    if (verdict !== undefined) this.verdicts.set(row, verdict);
  }

  #addNumbers(columns: Map<string, Column>, row: number, numbers: Record<string, number>): void {
    for (const name in numbers) {
      const value = numbers[name] ?? Number.NaN;
      if (this.#takes(columns, name, value)) columnIn(columns, name, () => new Column()).set(row, value);
    }
  }

  #takes(columns: ReadonlyMap<string, unknown>, name: string, value: number): boolean {
    const named = columns.has(name) || (columns.size < MOST_NAMES && isTellableName(name));
    if (named && isTellableFigure(value)) return true;
    this.leftOut++;
    return false;
  }

  /** Guests are few, and nearly always those of the previous sample, in the same order. */
  #placeOf(target: string): number {
    const place = this.#targets.indexOf(target);
    return place >= 0 ? place : this.#targets.push(target) - 1;
  }
}

function columnIn<T>(columns: Map<string, T>, name: string, make: () => T): T {
  const known = columns.get(name);
  if (known !== undefined) return known;
  const fresh = make();
  columns.set(name, fresh);
  return fresh;
}
