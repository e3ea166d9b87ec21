/** API forwarding between a described host and its guests, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { readRun } from '../../../src/record/read-run.ts';
import { checkExperiment } from '../../../src/run/doctor.ts';
import { restoreRun } from '../../../src/run/restore.ts';
import { runExperiment } from '../../../src/run/run.ts';
import { Forwarding, type ForwardingFaults, PORT } from './forwarding.ts';
import { type Asked, experimentIn, measured, reasons } from './measured.ts';
import { describedKvm } from './suite.ts';

const BY = {
  'pocl-remote': `by: pocl-remote, port: ${PORT}`,
  rcuda: `by: rcuda, port: ${PORT}, gpu: 1`,
  cricket: 'by: cricket, library: /etc/described, rpc-id: 7',
};
const modesOf = (by: string, on = 'guest1') =>
  `  native: { use: native, on: kvm, hypervisor: allowed }
  forwarded: { use: forwarding, on: ${on}, address: 127.0.0.1, ${by} }`;

/** Processes that carry the mark of a server, and files that one has printed to. */
function left(): string[] {
  const isOurs = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes('VGPUBENCH_SERVER=');
    } catch {
      return false;
    }
  };
  return [
    ...readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name)),
    ...readdirSync('/tmp').filter((name) => /^vgpubench-[0-9a-f]{16}\.log$/.test(name)),
  ];
}

/** @param all Every way to fail, of which there are many; else one of each kind. */
export function describeForwarding(all: boolean): void {
  const some = <T>(ways: readonly T[]): readonly T[] => (all ? ways : ways.slice(-1));
  describe('a mode of API forwarding', () => {
    let parts: Forwarding;
    const kvm = describedKvm(['guest1', 'guest2'], (host) => (parts = new Forwarding(host)));
    const asked = (modes: string): Asked => ({ modes, workload: 'saxpy' });
    function boot(faults: ForwardingFaults): void {
      parts.faults = faults;
      kvm.host.reboot();
    }
    afterEach(() => {
      boot({});
      assert.deepEqual(left(), []);
    });

    for (const by of some(['rcuda', 'cricket', 'pocl-remote'] as const))
      it(`starts the server of ${by}, tells its guest of it, is attested from both sides, and ends it`, async () => {
        const { exitCode, record, results } = await measured(kvm, asked(modesOf(BY[by])));
        assert.deepEqual([results.unsuccessful, record.incidents, exitCode], [[], [], 0]);
      });

    if (all)
      it('has one server for several guests of a host', async () => {
        const { exitCode, results } = await measured(
          kvm,
          asked(modesOf(BY['pocl-remote'], '[guest1, guest2]')),
        );
        assert.deepEqual([results.unsuccessful, exitCode], [[], 0]);
      });

    const unproved: [keyof typeof BY, string, ForwardingFaults, RegExp][] = [
      [
        'rcuda',
        'the server ends',
        { ends: 'no CUDA device' },
        /does not listen; the end of its log:\s+no CUDA device/,
      ],
      [
        'cricket',
        'the server listens nowhere',
        { deaf: true },
        /could not be entered: .*: the server does not listen; the end of its log:\s*$/s,
      ],
      [
        'cricket',
        'the workload takes a local device',
        { takesLocal: true },
        /void: not attested while it ran: .*its workload is a client .*no connection to the server in 10 s/,
      ],
      [
        'pocl-remote',
        'the server dies under the workload',
        { dies: true },
        /void: not attested while it ran: .*its server has a client .*no connection/,
      ],
      [
        'pocl-remote',
        'the guest has a device of its own',
        { local: true },
        /void: .*only has the server’s device \(OpenCL 3.0 CUDA;/,
      ],
    ];
    for (const [by, what, faults, told] of some(unproved))
      it(`gives no figure by ${by} where ${what}`, async () => {
        boot(faults);
        const made = await measured(kvm, asked(modesOf(BY[by])));
        assert.deepEqual([made.exitCode, reasons(made, 'native')], [4, []]);
        assert.match(reasons(made, 'forwarded').join('\n'), told);
      });

    it('is told by doctor that its port is taken', async () => {
      await kvm.ready();
      const file = experimentIn(kvm, asked(modesOf(BY['pocl-remote'])));
      const amiss = async () => (await checkExperiment(file)).filter(({ ok }) => !ok);
      const taker = createServer();
      await new Promise<void>((done) => taker.listen(PORT, '127.0.0.1', done));
      const [one, ...others] = await amiss();
      await new Promise((done) => taker.close(done));
      assert.deepEqual([one?.remedy, others], [{ key: 'modes.forwarded.port', value: undefined }, []]);
      assert.deepEqual(await amiss(), []);
    });

    const stages: [string, (directory: string) => boolean][] = [
      ['its server starts', () => left().length > 0],
      ['it is attested', (directory) => /"attested".*"mode":"forwarded"/.test(journalOf(directory))],
      ['its trial runs', (directory) => /"trial-started".*forwarded/.test(journalOf(directory))],
    ];
    for (const [when, isThen] of some(stages))
      it(`leaves no server behind where it is interrupted as ${when}, once it was restored`, async () => {
        const directory = join(experimentIn(kvm, asked(modesOf(BY['pocl-remote']))), '../run');
        const stop = new AbortController();
        const watch = setInterval(() => {
          if (left().length > 0 && isThen(directory)) stop.abort();
        }, 5);
        const file = join(directory, '../experiment.yaml');
        const { exitCode } = await runExperiment(file, { out: directory, signal: stop.signal });
        clearInterval(watch);
        assert.equal(exitCode, 130);
        assert.deepEqual(
          (await restoreRun(directory)).filter(({ ok }) => !ok),
          [],
        );
        assert.equal(readRun(directory).record.pendingUndo.size, 0);
      });
  });
}

function journalOf(directory: string): string {
  const file = join(directory, 'journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
