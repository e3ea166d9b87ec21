/** PVDRM and XenGT, interrupted at each command that changes something: the host is as it was after `restore`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { restoreRun } from '../../src/run/restore.ts';
import { runExperiment } from '../../src/run/run.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { experimentIn } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { type DescribedXen, describedXen } from '../support/described/suite.ts';
import { Xengt } from '../support/described/xengt.ts';

/** `STEPS=100` for all there are. */
const STEPS = Number(process.env['STEPS'] ?? 5);

const CHANGING = /xenstore-(write|rm|chmod)|modprobe|xl (create|shutdown|destroy)| mmul/;

/** All that a run might leave there, but for what each boot counts on. */
function stateOf({ host: { store, domains, dom0, crashed } }: DescribedXen) {
  return {
    store: store.toString().replaceAll(/domain\/[1-9]\d*/g, 'domain/N'),
    domains: [...domains].map(([name, { settings, machine }]) => [name, [...settings], [...machine.modules]]),
    modules: [...dom0.modules],
    crashed,
  };
}

function describeMode(name: string, xen: DescribedXen, modes: string): void {
  describe(`${name}, interrupted`, () => {
    /** @param at the command that changes something, from 0, with which the signal comes; never by default */
    async function run(at = Infinity) {
      const file = experimentIn(xen, { modes });
      const directory = join(file, '../run');
      const stop = new AbortController();
      const before = xen.host.asked.length;
      const changes = () => xen.host.asked.slice(before).filter((command) => CHANGING.test(command));
      const watch = setInterval(() => {
        if (changes().length > at) stop.abort();
      }, 1);
      const { exitCode } = await runExperiment(file, { out: directory, signal: stop.signal });
      clearInterval(watch);
      return { exitCode, directory, steps: changes() };
    }

    it('leaves the host as it was, wherever the signal comes, once it was restored', async (context) => {
      const before = stateOf(xen);
      const { exitCode, steps } = await run();
      assert.equal(exitCode, 0);
      assert.deepEqual(stateOf(xen), before);
      const all = seeded(3).shuffle(steps.map((_, at) => at));
      context.diagnostic(`${Math.min(STEPS, all.length)} of ${all.length} steps`);
      for (const at of all.slice(0, STEPS)) {
        const { directory, ...cut } = await run(at);
        // The last ones come when nothing is left to be interrupted.
        assert.ok([130, 0].includes(cut.exitCode), `step ${at}: exit code ${cut.exitCode}`);
        const restored = await restoreRun(directory);
        const failed = restored.filter(({ ok }) => !ok);
        assert.deepEqual(failed, [], `step ${at}: ${steps[at] ?? ''}`);
        assert.equal(readRun(directory).record.pendingUndo.size, 0);
        assert.deepEqual(stateOf(xen), before, `step ${at}: ${steps[at] ?? ''}`);
      }
    });
  });
}

describeMode(
  'PVDRM',
  describedXen(['guest1'], (host) => new Pvdrm(host)),
  `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1, cache: true }`,
);
describeMode(
  'XenGT',
  describedXen(['guest2'], (host) => new Xengt(host)),
  `  native: { use: native, on: dom0, driver: i915, hypervisor: allowed }
  mediated: { use: xengt, on: guest2, fences: 8 }`,
);
