/** The sections of the report that support its figures: evidence, incidents, environment, reproduction. */
import { bootsByKind } from '../compare/machine-boots.ts';
import type { Results } from '../compare/results.ts';
import { toldOnce } from '../words/told-once.ts';
import { type Html, html, plainRow, table } from './html-text.ts';
import { gpuFacts } from './machine-facts.ts';
import { lastNode, unlikeNodes } from './nodes.ts';
import { originLine } from './origin-text.ts';

export function attestation(results: Results): Html {
  if (results.attestations.length === 0) return html`<p>No mode was attested.</p>`;
  const claims = new Map<
    string,
    { mode: string; target: string; claim: string; held: number; asked: number; evidence: string }
  >();
  for (const { mode, findings } of results.attestations)
    for (const { target, claim, ok, evidence } of findings) {
      const key = JSON.stringify([mode, target, claim]);
      const seen = claims.get(key) ?? { mode, target, claim, held: 0, asked: 0, evidence };
      claims.set(key, {
        ...seen,
        asked: seen.asked + 1,
        held: seen.held + (ok ? 1 : 0),
        evidence: ok ? seen.evidence : evidence,
      });
    }
  const silent = [
    ...new Set(results.attestations.filter(({ findings }) => findings.length === 0).map(({ mode }) => mode)),
  ];
  const rows = [...claims.values()].map(
    ({ mode, target, claim, held, asked, evidence }) =>
      html`<tr>
        <td>${mode}</td>
        <td>${target}</td>
        <td>${claim}</td>
        <td class="number">${held === asked ? '✓' : '✗'} ${held} of ${asked}</td>
        <td><pre>${evidence}</pre></td>
      </tr>`,
  );
  return html`<p class="lead">
      Read from guest and host before and after the trials of each block and, if a mode requires it, during
      the trials. A trial is void if its evidence does not hold.
    </p>
    ${rows.length === 0 ? html`` : table(['Mode', 'Target', 'Claim', 'Held', 'Evidence'], rows)}
    ${silent.map((mode) => html`<p class="warn">${mode} provides no evidence, so nothing proves that its trials ran in it. Add attest commands to it.</p>`)}`;
}

export function incidents(results: Results): Html {
  return html`${happened(results)}${recovery(results)}${restarts(results)}`;
}

const RUNGS: Readonly<Record<string, string>> = {
  'end-trial': 'the trial and all its processes were ended',
  'enter-anew': 'its mode was left and entered again',
  'restart-guests': 'its guests were restarted',
  'reset-machine': 'its machine was reset',
};

function restarts({ machineBoots = [] }: Results): Html {
  if (machineBoots.length === 0) return html``;
  const rows = bootsByKind(machineBoots).map(
    ({ machine, boot, times, failed, meanMs, system }) =>
      html`<tr>
        <td>${machine}</td>
        <td>${boot}</td>
        <td class="number">${times}</td>
        <td class="number">${failed}</td>
        <td class="number">${meanMs === null ? '' : `${(meanMs / 1000).toFixed(1)} s`}</td>
        <td>${system}</td>
      </tr>`,
  );
  return html`<h3>Restarts of machines</h3>
    <p class="lead">
      Every block boots each system it needs afresh, so that blocks share no boot and can be treated as
      independent.
    </p>
    ${table(['Machine', 'Boot', 'Restarts', 'Failed', 'Took, on average', 'What came up'], rows)}`;
}

function recovery({ recovery: answered }: Results): Html {
  if (answered === undefined) return html``;
  const rows = answered.rungs.map(
    ({ wall, mode, trial, rung, ok, tookMs }) =>
      html`<tr>
        <td>${wall.slice(11, 19)}</td>
        <td>${mode}</td>
        <td>${trial ?? ''}</td>
        <td>${RUNGS[rung] ?? rung}</td>
        <td>${ok ? 'yes' : 'no'}</td>
        <td class="number">${(tookMs / 1000).toFixed(1)} s</td>
      </tr>`,
  );
  return html`<h3>Recovery from hangs</h3>
    ${rows.length === 0 ? html`` : table(['Time (UTC)', 'Mode', 'Trial', 'Action', 'Helped', 'Took'], rows)}
    ${Object.values(answered.quarantined).map((reason) => html`<p class="warn">${reason}.</p>`)}`;
}

function happened(results: Results): Html {
  if (results.incidents.length === 0) return html`<p>None.</p>`;
  const rows = toldOnce(results.incidents).map(
    ({ wall, last, times, kind, target, trial, text }) =>
      html`<tr>
        <td>${wall.slice(11, 19)}${times > 1 ? ` to ${last.slice(11, 19)}` : ''}</td>
        <td>${times}</td>
        <td>${kind}</td>
        <td>${target ?? ''}</td>
        <td>${trial ?? ''}${times > 1 && trial !== null ? ' and others' : ''}</td>
        <td>${text}</td>
      </tr>`,
  );
  return table(['Time (UTC)', 'Times', 'Kind', 'Target', 'Trial', 'What happened'], rows);
}

/** What differs between the targets; what is the same on all of them is folded. */
export function environment(results: Results): Html {
  const facts = results.environment.map(({ target }) => factsOf(target, results));
  const names = [...new Set(facts.flatMap((one) => [...one.keys()]))];
  const rows = names.map((name) => ({ name, values: facts.map((one) => one.get(name) ?? '') }));
  const isSame = ({ values }: (typeof rows)[number]) => new Set(values).size === 1;
  const [same, different] = [rows.filter(isSame), rows.filter((row) => !isSame(row))];
  const targets = results.environment.map(({ target }) => target);
  return html`${byNode(results)}${
      different.length === 0
        ? ''
        : html`<p class="lead">Differences between the targets.</p>
            ${table(
              ['Fact', ...targets],
              different.map(({ name, values }) => plainRow([name, ...values])),
            )}`
    }
    <details>
      <summary>The same on ${targets.join(', ')}</summary>
      ${table(
        ['Fact', 'Value'],
        same.map(({ name, values }) => plainRow([name, values[0] ?? ''])),
      )}
    </details>
    <h4>Harness</h4>
    ${table(['Fact', 'Value'], Object.entries(results.versions).map(plainRow))}`;
}

/** What differs between the nodes of a merged run, and which node the rest describes. */
function byNode(results: Results): Html {
  const { names, rows } = unlikeNodes(results);
  const last = lastNode(results);
  if (names.length < 2 || last === undefined) return html``;
  return html`${
      rows.length === 0
        ? html`<p class="lead">All nodes report the same facts.</p>`
        : html`<p class="lead">Differences between the nodes.</p>
            ${table(['Fact', ...names], rows.map(plainRow))}`
    }
    <p class="lead">Everything below describes ${last}, which ran the last shard.</p>`;
}

function factsOf(target: string, results: Results): Map<string, string> {
  const found = results.environment.find((one) => one.target === target);
  if (found === undefined) return new Map();
  const { shell, clock, fingerprint } = found;
  const steal = results.noise.reduce(
    (most, one) => (one.target === target ? Math.max(most, one.stealShare) : most),
    0,
  );
  return new Map([
    ...Object.entries(fingerprint),
    ['guest shell', shell],
    [
      'guest clock',
      `${clock.source}, tick ${(clock.tickNs / 1000).toPrecision(3)} µs, ${clock.monotonic ? 'monotonic' : 'wall clock'}`,
    ],
    ['steal time, worst visit', `${(100 * steal).toFixed(1)}%`],
    ...gpuFacts(results, target),
  ]);
}

export function reproduction(results: Results, experiment: string): Html {
  const run = results.versions['lab'] === undefined ? 'run' : 'lab run';
  return html`<p>
      To repeat the run with the same order of trials, save the experiment file below as
      <code>experiment.yaml</code>, then:
    </p>
    <pre>vgpubench ${run} experiment.yaml --seed ${results.seed}</pre>
    ${originLine(results).map((line) => html`<p>This run was ${line}.</p>`)}
    <p>To regenerate this report from the journal, which has every sample:</p>
    <pre>vgpubench report RUN-DIRECTORY</pre>
    <h3>experiment.yaml</h3>
    <pre>${experiment}</pre>`;
}
