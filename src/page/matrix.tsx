/** The matrix of workloads by modes: sortable, filterable, with each cell a link to its details. */
import { useState } from 'preact/hooks';
import type { PageCell, PageData } from '../report/page-data.ts';
import { addressOf } from './address.ts';
import { type Asked, EVERY_METRIC, NOTHING_ASKED, columnsFor, rowsFor, sortedNext } from './matrix-view.ts';

const VERDICTS = ['slower', 'faster', 'same', 'inconclusive'];

export function Matrix({ data: { cells, modes } }: { data: PageData }) {
  const [asked, ask] = useState(NOTHING_ASKED);
  const rows = rowsFor(cells, asked);
  const columns = columnsFor(rows, modes);
  const shown = rows.reduce((sum, row) => sum + row.cells.size, 0);
  const sortBy = (column: string) => {
    ask({ ...asked, sorted: sortedNext(asked.sorted, column) });
  };
  return (
    <>
      <Filters cells={cells} modes={modes} asked={asked} ask={ask} />
      <p aria-live="polite" class="count">
        {shown} of {cells.length} cells shown
      </p>
      <p class="count">Point at a cell for its interval; open it for its details.</p>
      <div class="scroll">
        <table class="matrix" aria-label="Workloads by modes">
          <thead>
            <tr>
              <Head column="" words="Workload" asked={asked} sortBy={sortBy} />
              {columns.map((mode) => (
                <Head key={mode} column={mode} words={mode} asked={asked} sortBy={sortBy} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ workload, metric, unit, cells: own }) => (
              <tr key={JSON.stringify([workload, metric])}>
                <th scope="row">
                  {workload}
                  <small>
                    {metric}, {unit}
                  </small>
                </th>
                {columns.map((mode) => (
                  <Cell key={mode} cell={own.get(mode)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface HeadProps {
  column: string;
  words: string;
  asked: Asked;
  sortBy: (column: string) => void;
}

function Head({ column, words, asked: { sorted }, sortBy }: HeadProps) {
  const direction = sorted?.column === column ? sorted.direction : 'none';
  const sign = { none: '', ascending: ' ↑', descending: ' ↓' }[direction];
  return (
    <th scope="col" aria-sort={direction}>
      <button
        type="button"
        onClick={() => {
          sortBy(column);
        }}
      >
        {words}
        <span aria-hidden="true">{sign}</span>
      </button>
    </th>
  );
}

function Cell({ cell }: { cell: PageCell | undefined }) {
  if (cell === undefined) return <td />;
  const { verdict, words, attested } = cell;
  return (
    <td class={verdict}>
      <a href={addressOf(cell)}>
        {words?.ratio ?? 'no pair'}
        {words !== undefined && (
          <span class="interval">
            <span class="unseen">, </span>
            {words.interval}
          </span>
        )}
      </a>
      {!attested && <small>not attested</small>}
    </td>
  );
}

interface FiltersProps {
  cells: readonly PageCell[];
  modes: readonly string[];
  asked: Asked;
  ask: (asked: Asked) => void;
}

function Filters({ cells, modes, asked, ask }: FiltersProps) {
  const compared = modes.filter((mode) => cells.some((cell) => cell.mode === mode));
  const metrics = [...new Set(cells.map(({ metric }) => metric))];
  const workloads = [...new Set(cells.map(({ workload }) => workload))];
  const choices: ['mode' | 'workload' | 'metric' | 'verdict', string, Option[]][] = [
    ['mode', 'Mode', options('all', compared)],
    ['workload', 'Workload', options('all', workloads)],
    ['metric', 'Metric', [...options('the first of each workload', metrics), [EVERY_METRIC, 'all']]],
    ['verdict', 'Verdict', options('all', VERDICTS)],
  ];
  return (
    <form
      class="filters"
      aria-label="Filter the matrix"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {choices.map(([key, name, all]) => (
        <Choice
          key={key}
          name={name}
          value={asked[key]}
          choose={(value) => {
            ask({ ...asked, [key]: value });
          }}
          options={all}
        />
      ))}
      <button
        type="button"
        onClick={() => {
          ask(NOTHING_ASKED);
        }}
      >
        Reset
      </button>
    </form>
  );
}

/** A value and its label. */
type Option = [string, string];

function options(all: string, names: readonly string[]): Option[] {
  return [['', all], ...names.map((name): Option => [name, name])];
}

interface ChoiceProps {
  name: string;
  value: string;
  choose: (value: string) => void;
  options: readonly Option[];
}

function Choice({ name, value, choose, options: all }: ChoiceProps) {
  return (
    <label>
      {name}{' '}
      <select
        value={value}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
      >
        {all.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
