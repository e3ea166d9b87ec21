/** A whole set-up on a described Xen host: its experiment file, and what is done to either as doctor says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parse, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { checkExperiment } from '../../../src/run/doctor.ts';
import type { Examined, Remedy } from '../../../src/words/examined.ts';
import { Os } from './os.ts';
import { GPU } from './pci-functions.ts';
import { PciGpu } from './pci-gpu.ts';
import { Pvdrm } from './pvdrm.ts';
import { type DescribedXen, describedXen, plugged } from './suite.ts';
import { Xengt } from './xengt.ts';

const WORKLOAD =
  "{ use: command, name: mmul, run: ./mmul 20, directory: /opt/bench, metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }";
const MARKED =
  'marked: { use: custom, on: dom0, prepare: [/opt/bench/mark on], restore: [/opt/bench/mark off] }';

export class SetUp {
  readonly xen: DescribedXen;
  /** Guests of its experiment; the host has others besides. */
  readonly guests: readonly string[];
  readonly #modes: readonly string[];
  #os: Os | undefined;

  constructor(guests: readonly string[], others: readonly string[], modes: readonly string[], plug: Plug) {
    this.guests = guests;
    this.#modes = modes;
    this.xen = describedXen([...guests, ...others], (host) => {
      plug(host);
      this.#os = new Os(host);
    });
  }

  get os(): Os {
    return plugged(this.#os);
  }

  get file(): string {
    return join(this.xen.folder, 'experiment.yaml');
  }

  /** As it was at first, healthy. */
  renew(): void {
    const { host } = this.xen;
    this.os.kaslr.clear();
    host.renew();
    for (const machine of [host.dom0, ...host.guests]) machine.install('mmul', 'opt/bench/mmul');
    host.dom0.install('mmul', 'opt/bench/mark');
    const used = ['dom0', ...this.guests];
    const targets = this.xen.targets().split('\n');
    writeFileSync(
      this.file,
      `name: described
baseline: native
targets:
${targets.filter((line) => used.some((name) => line.startsWith(`  ${name}:`))).join('\n')}
modes:
${[...this.#modes, MARKED].map((mode) => `  ${mode}\n`).join('')}workloads:
  - ${WORKLOAD}
design: { blocks: 1, samples: 2, warmup: 0, aa: false }
`,
    );
    host.reboot();
  }

  /** Sets a key of the experiment file; workloads are told by their names. */
  set(key: string, value: string): void {
    const document = parseDocument(readFileSync(this.file, 'utf8'));
    const [section = '', name = '', ...rest] = key.split('.');
    const list = document.get(section);
    const map = isMap(list)
      ? (list.get(name) as YAMLMap)
      : ((list as YAMLSeq).items as YAMLMap[]).find((item) => item.get('name') === name);
    map?.setIn(rest, parse(value));
    writeFileSync(this.file, document.toString());
  }

  /** What doctor says is amiss. */
  async amiss(): Promise<Examined[]> {
    return (await checkExperiment(this.file)).filter(({ ok }) => !ok);
  }

  /** @param known what only the file’s author knows */
  async apply(remedy: Remedy, known: string | undefined): Promise<void> {
    if ('run' in remedy) await this.xen.run(remedy.on, remedy.run);
    else this.set(remedy.key, remedy.value ?? known ?? '');
    this.xen.host.settle();
    await this.xen.ready();
  }
}

type Plug = Parameters<typeof describedXen>[1];

/** PVDRM's, with two guests in its mode. */
export class PvdrmSetUp extends SetUp {
  #pvdrm: Pvdrm | undefined;

  constructor() {
    const modes = [
      'native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }',
      'pvdrm: { use: pvdrm, on: [guest1, guest2] }',
    ];
    super(['guest1', 'guest2'], ['guest3'], modes, (host) => (this.#pvdrm = new Pvdrm(host)));
  }

  get pvdrm(): Pvdrm {
    return plugged(this.#pvdrm);
  }

  override renew(): void {
    this.pvdrm.faults = {};
    this.pvdrm.unindexed.clear();
    super.renew();
  }
}

export class XengtSetUp extends SetUp {
  #xengt: Xengt | undefined;

  constructor() {
    const modes = [
      'native: { use: native, on: dom0, driver: i915, hypervisor: allowed }',
      'mediated: { use: xengt, on: guest4 }',
    ];
    super(['guest4'], ['guest5'], modes, (host) => (this.#xengt = new Xengt(host)));
  }

  get xengt(): Xengt {
    return plugged(this.#xengt);
  }

  override renew(): void {
    this.xengt.faults = {};
    super.renew();
  }
}

/** Pass-through’s, on Xen. */
export class PassthroughSetUp extends SetUp {
  #gpu: PciGpu | undefined;

  constructor() {
    const modes = [
      'native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }',
      `passthrough: { use: passthrough, on: guest6, device: '${GPU}', reset: flr }`,
    ];
    super(['guest6'], ['guest7'], modes, (host) => (this.#gpu = new PciGpu(host, 'pciback')));
  }

  get gpu(): PciGpu {
    return plugged(this.#gpu);
  }

  override renew(): void {
    this.gpu.faults = {};
    super.renew();
  }
}
