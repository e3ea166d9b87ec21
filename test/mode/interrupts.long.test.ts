/** Modes that change a host, interrupted at each command that changes something: the host is as it was after `restore`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { restoreRun } from '../../src/run/restore.ts';
import { runExperiment } from '../../src/run/run.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { experimentIn } from '../support/described/measured.ts';
import { Gvtg } from '../support/described/gvtg.ts';
import type { DescribedHost } from '../support/described/host.ts';
import type { KvmHost } from '../support/described/kvm-host.ts';
import { AUDIO, GPU } from '../support/described/pci-functions.ts';
import { PciGpu } from '../support/described/pci-gpu.ts';
import { NvidiaVgpu } from '../support/described/nvidia-vgpu.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { type Described, describedKvm, describedXen } from '../support/described/suite.ts';
import { stateOfXen } from '../support/described/xen-host.ts';
import { Xengt } from '../support/described/xengt.ts';

/** `STEPS=100` for all there are. */
const STEPS = Number(process.env['STEPS'] ?? 5);

const CHANGING =
  /xenstore-(write|rm|chmod)|modprobe|xl (create|shutdown|destroy|pci-assignable-(add|remove))| tee |virsh .*(start|shutdown|destroy|tach-device)| mmul/;

function describeMode<Host extends DescribedHost>(
  name: string,
  described: Described<Host>,
  modes: string,
  state: (host: Host) => unknown,
): void {
  const stateNow = () => state(described.host);
  describe(`${name}, interrupted`, () => {
    /** @param at the command that changes something, from 0, with which the signal comes; never by default */
    async function run(at = Infinity) {
      const file = experimentIn(described, { modes });
      const directory = join(file, '../run');
      const stop = new AbortController();
      const before = described.host.asked.length;
      const changes = () => described.host.asked.slice(before).filter((command) => CHANGING.test(command));
      const watch = setInterval(() => {
        if (changes().length > at) stop.abort();
      }, 1);
      const { exitCode } = await runExperiment(file, { out: directory, signal: stop.signal });
      clearInterval(watch);
      return { exitCode, directory, steps: changes() };
    }

    it('leaves the host as it was, wherever the signal comes, once it was restored', async (context) => {
      const before = stateNow();
      const { exitCode, steps } = await run();
      assert.equal(exitCode, 0);
      assert.deepEqual(stateNow(), before);
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
        assert.deepEqual(stateNow(), before, `step ${at}: ${steps[at] ?? ''}`);
      }
    });
  });
}

describeMode(
  'PVDRM',
  describedXen(['guest1'], (host) => new Pvdrm(host)),
  `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1, cache: true }`,
  stateOfXen,
);
describeMode(
  'XenGT',
  describedXen(['guest2'], (host) => new Xengt(host)),
  `  native: { use: native, on: dom0, driver: i915, hypervisor: allowed }
  mediated: { use: xengt, on: guest2, fences: 8 }`,
  stateOfXen,
);

const gpus: PciGpu[] = [];
const stateOfKvm = ({ domains, configured }: KvmHost) => ({
  domains: [...domains].map(([name, { settings }]) => [name, [...settings]]),
  configured: [...configured].flatMap(([name, sources]) => [...sources].map((source) => [name, source])),
});
describeMode(
  'Pass-through on Xen',
  describedXen(['guest1'], (host) => (gpus[0] = new PciGpu(host, 'pciback'))),
  `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  passthrough: { use: passthrough, on: guest1, device: '${GPU}', permissive: true }`,
  (host) => ({ ...stateOfXen(host), drivers: gpus[0]?.drivers }),
);
describeMode(
  'Pass-through under KVM',
  describedKvm(['guest1'], (host) => (gpus[1] = new PciGpu(host, 'vfio-pci'))),
  `  native: { use: native, on: kvm, driver: nouveau, hypervisor: allowed }
  passthrough: { use: passthrough, on: guest1, device: '${GPU}', with: ['${AUDIO}'], reset: bus }`,
  (host) => ({ ...stateOfKvm(host), drivers: gpus[1]?.drivers }),
);
describeMode(
  'Pass-through to a running guest under KVM',
  describedKvm(['guest1'], (host) => (gpus[2] = new PciGpu(host, 'vfio-pci'))),
  `  native: { use: native, on: kvm, driver: nouveau, hypervisor: allowed }
  passthrough: { use: passthrough, on: guest1, device: '${GPU}', with: ['${AUDIO}'], plug: running }`,
  (host) => ({ ...stateOfKvm(host), drivers: gpus[2]?.drivers }),
);

const virtual: Gvtg[] = [];
describeMode(
  'GVT-g',
  describedKvm(['guest1'], (host) => (virtual[0] = new Gvtg(host))),
  `  native: { use: native, on: kvm, driver: i915, hypervisor: allowed }
  gvtg: { use: gvtg, on: guest1, type: i915-GVTg_V5_4 }`,
  (host) => ({ ...stateOfKvm(host), made: virtual[0]?.made }),
);

const shares: NvidiaVgpu[] = [];
for (const [way, device, type] of [
  ['mdev', '0000:41:00.0', 233],
  ['vfio', '0000:51:00.0', 1155],
] as const)
  describeMode(
    `NVIDIA vGPU by ${way}`,
    describedKvm(['guest1'], (host) => shares.push(new NvidiaVgpu(host, way))),
    `  native: { use: native, on: kvm, hypervisor: allowed }
  vgpu: { use: nvidia-vgpu, on: guest1, device: '${device}', type: ${type}, parameters: frame_rate_limiter=0 }`,
    (host) => ({ ...stateOfKvm(host), made: shares.map(({ made }) => made) }),
  );
