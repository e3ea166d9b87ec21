/** What a machine with a GPU was like beside the samples, on a described host by real SSH. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { measured } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

const DOM0 = '  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }';
const LEVELS = (star: string) =>
  `07: core 324 MHz memory 648 MHz\n0f: core 1228 MHz memory 5400 MHz${star}\nAC: core 405 MHz memory 648 MHz\n`;

describe('a machine’s state beside the samples', () => {
  /** CPU seconds of a domain that is none of the experiment's, for each time that they are asked for. */
  let tenant = 0;
  let asked = 0;
  const vcpus = () => {
    const build = (tenant * asked++).toFixed(1);
    return `Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)
Domain-0                             0     0    1   r--     632.0  all / all
guest1                               1     0    3   -b-       1.0  2-3 / all
build                                7     0    2   -b-  ${build.padStart(8)}  all / all
build                                7     1    -   --p       0.0  all / all
`;
  };
  const xen = describedXen(['guest1'], (host) => {
    new Pvdrm(host);
    // Source: tools/xl/xl_vcpu.c of Xen: a row for each virtual CPU.
    host.vcpus = vcpus;
  });
  afterEach(() => {
    [tenant, asked] = [0, 0];
    xen.host.reboot();
  });
  const warnings = async (workload = 'mmul 20') => {
    const { exitCode, results, record } = await measured(xen, { modes: DOM0, workload });
    assert.equal(exitCode, 0);
    return { codes: results.warnings.map(({ code }) => code), results, record };
  };

  it('is in the journal and the results, and says nothing where nothing is the matter', async () => {
    xen.host.dom0.file('kernel/debug/dri/0/pstate', LEVELS(' AC DC *'));
    const { codes, results } = await warnings();
    assert.deepEqual(
      codes.filter((code) => code.startsWith('gpu-') || code === 'other-tenants'),
      [],
    );
    const [state] = results.machineStates ?? [];
    assert.deepEqual(
      [state?.target, state?.after[0]?.device, state?.after[0]?.level, state?.after[0]?.clockMhz],
      ['dom0', 'card0', '0f', 405],
    );
  });

  it('warns of a GPU that is not reclocked, of lanes that its link lacks, and of faults that its driver told', async () => {
    const { dom0 } = xen.host;
    dom0.log('nouveau 0000:01:00.0: fifo: SCHED_ERROR 08 [] before the run');
    dom0.file('kernel/debug/dri/0/pstate', LEVELS(''));
    dom0.file('bus/pci/devices/0000:01:00.0/current_link_width', '4\n');
    dom0.file('bus/pci/devices/0000:01:00.0/max_link_width', '16\n');
    const line = '4,90000,1,-;nouveau 0000:01:00.0: gr: TRAP ch 2 of the run';
    const { codes, results } = await warnings(`mmul 20; echo "${line}" >>/dev/kmsg`);
    assert.deepEqual(
      codes.filter((code) => code.startsWith('gpu-')),
      ['gpu-faults', 'gpu-link', 'gpu-level'],
    );
    const text = results.warnings.map((one) => one.text).join('\n');
    assert.match(text, /the kernel of dom0 reported GPU faults in 1 of 1 stays.*gr: TRAP ch 2 of the run/);
    assert.doesNotMatch(text, /before the run/);
    assert.match(text, /card0 of dom0.* has 4 of 16 lanes/);
    assert.match(text, /its highest level is 0f.*echo 0f > \/sys\/kernel\/debug\/dri\/0\/pstate/);
  });

  it('warns of a domain that is none of the experiment’s and takes a CPU', async () => {
    tenant = 1000;
    const { codes, results } = await warnings();
    assert.ok(codes.includes('other-tenants'), codes.join());
    assert.match(
      results.warnings.map(({ text }) => text).join(),
      /the domain build on dom0 is not part of the experiment/,
    );
  });

  it('tells guests that are pinned where their baseline is not', async () => {
    const modes = `${DOM0}\n  pvdrm: { use: pvdrm, on: guest1 }`;
    const { results } = await measured(xen, { modes });
    assert.match(
      results.warnings.map(({ text }) => text).join('\n'),
      /pvdrm: virtual CPUs pinned to 2-3, where native has virtual CPUs that run anywhere/,
    );
  });
});
