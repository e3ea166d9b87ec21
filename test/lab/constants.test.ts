/** What the lab's C and the harness both have to know is the same on both sides; no box is booted for it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import * as z from 'zod';
import { IOMMU_KIB, SHARED_MEMORY } from '../../src/lab/boot/box.ts';
import { GUESTS_MAX, layoutOf } from '../../src/lab/boot/layout.ts';
import { PROBE_NAMES, WORKLOAD_NAMES } from '../../src/lab/make/workload-names.ts';
import { type ModeSpec, modeFor } from '../../src/mode/kinds.ts';
import type { Finding, Place } from '../../src/mode/mode.ts';
import { labSources } from '../support/c-sources.ts';
import { make } from '../support/make.ts';
import { testFolder } from '../support/directory.ts';

const folder = testFolder();

const number = z.int().positive();
const names = z.array(z.string()).min(1);
const constants = z.object({
  magic: number,
  connected: number,
  guestsMax: number,
  /** Descriptors of what a machine shares with its GPU, and the size of the second. */
  ram: number,
  iommu: number,
  iommuBytes: number,
  /** All kinds of crossing, and those of two boundaries. */
  kinds: names,
  /** What pvdrm's back-end has Xen do, which is no crossing. */
  hypercalls: names,
  pvdrm: names,
  forwarding: names,
});

/** As the compiler has them: what a regular expression made of the headers might be something else. */
async function constantsOfC(): Promise<z.infer<typeof constants>> {
  const [program = ''] = await make(folder, 'constants');
  return constants.parse(JSON.parse((await execa(program)).stdout));
}

const c = await constantsOfC();

type Facts = Readonly<Record<string, string>>;

/** What a mode makes of both sides' answers over a stay. */
async function stay(spec: ModeSpec, facts: Facts = {}): Promise<Finding[]> {
  const place = (name: string): Place => ({
    name,
    run: () => {
      const stdout = Object.entries(facts)
        .map((fact) => fact.join('\t'))
        .join('\n');
      return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
    },
  });
  const site = { guest: place('guest'), host: place('dom0'), domain: 'g1' };
  const mode = await modeFor('m', spec);
  await mode.prepare(site);
  await mode.attest(site);
  return mode.attest(site);
}

const on = ['guest'];
const NATIVE: ModeSpec = { use: 'lab-native', on };
const PASSTHROUGH: ModeSpec = { use: 'lab-passthrough', on };
const MEDIATED: ModeSpec = { use: 'lab-mediated', on, slice: 16 * 2 ** 20, quantum: 15, context: true };
const EMULATION: ModeSpec = { use: 'lab-emulation', on };
const PVDRM: ModeSpec = { use: 'lab-pvdrm', on, cache: false, sequential: true, rest: false };
const FORWARDING: ModeSpec = { use: 'lab-forwarding', on };

describe('what a mode of the lab reads from the GPU', () => {
  it('is told from anything else by the magic register', async () => {
    const mapped = async (register: number): Promise<boolean | undefined> => {
      const facts = {
        register: `0x${register.toString(16).toUpperCase().padStart(8, '0')}`,
        doorbell: '0x0',
      };
      const findings = await stay(PASSTHROUGH, facts);
      return findings.find(({ claim }) => claim.startsWith('registers and doorbell are mapped'))?.ok;
    };
    assert.equal(await mapped(c.magic), true);
    assert.equal(await mapped(c.magic + 1), false);
  });
});

describe('what a mode of the lab holds for true', () => {
  /** The kinds that may cross, as the finding about them says. */
  async function crossing(spec: ModeSpec): Promise<string[]> {
    const claims = (await stay(spec)).map(({ claim }) => claim);
    const told = claims.find((claim) => /crossed in its trials|its trials crossed/.test(claim)) ?? '';
    if (told === 'nothing crossed in its trials') return [];
    assert.match(told, /^its trials crossed, and only by /);
    return told
      .replace(/^.* only by /, '')
      .split(', ')
      .sort();
  }

  it('is connected in xenstore by the number that both ends write there', async () => {
    const connected = async (state: number): Promise<boolean | undefined> => {
      const findings = await stay(PVDRM, { back: String(state), front: String(state) });
      return findings.find(({ claim }) => claim.includes('connected in xenstore'))?.ok;
    };
    assert.equal(await connected(c.connected), true);
    assert.equal(await connected(c.connected + 1), false);
  });

  it('crosses by the kinds that its boundary has', async () => {
    /** What no protocol carries is an access that is trapped; one that is refused is counted beside its kind. */
    const trapped = c.kinds.filter((kind) => ![...c.pvdrm, ...c.forwarding, 'refused'].includes(kind)).sort();
    assert.deepEqual(await crossing(PVDRM), [...c.pvdrm, ...c.hypercalls].sort());
    assert.deepEqual(await crossing(FORWARDING), [...c.forwarding].sort());
    assert.deepEqual(await crossing(EMULATION), trapped);
    const registersAndGtt = trapped.filter((kind) => !kind.startsWith('vram'));
    assert.deepEqual(await crossing(MEDIATED), registersAndGtt);
    assert.ok(registersAndGtt.length < trapped.length);
    for (const spec of [NATIVE, PASSTHROUGH]) assert.deepEqual(await crossing(spec), []);
  });

  it('opens what a machine shares with its GPU by the descriptors that the GPU has', () => {
    assert.deepEqual(SHARED_MEMORY, { ram: c.ram, iommu: c.iommu });
    assert.equal(IOMMU_KIB * 1024, c.iommuBytes);
  });

  it('is as many guests as dom0 serves', () => {
    assert.equal(GUESTS_MAX, c.guestsMax);
    assert.equal(layoutOf({ guests: c.guestsMax, bare: false, pci: false }).guests.length, c.guestsMax);
  });
});

describe('the names of programs in a box', () => {
  const all = [...labSources()];
  const found = (folderName: string, pattern: RegExp): string[] =>
    all
      .filter(([path]) => path.startsWith(`${folderName}/`))
      .flatMap(([, text]) => [...text.matchAll(pattern)].map(([, name = '']) => name))
      .sort();

  it('are those of its workloads', () => {
    assert.deepEqual(found('workloads', /^\t\{ "(\w+)", /gm), [...WORKLOAD_NAMES].sort());
  });

  it('are those of its probes', () => {
    assert.deepEqual(found('probes', /strcmp\(name, "(probe-\w+)"\)/g), [...PROBE_NAMES].sort());
  });
});
