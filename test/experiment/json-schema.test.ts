import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { experimentJsonSchema, experimentSchema } from '../../src/experiment/schema.ts';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  const?: string;
  description?: string;
}

const schema = experimentJsonSchema() as Schema;

/** The entries of a map or list that may be of several kinds, by what their `use` says. */
function kinds(of: Schema | undefined): Record<string, Schema> {
  const all = (of?.oneOf ?? of?.anyOf ?? []).filter(({ required = [] }) => !required.includes('extends'));
  return Object.fromEntries(all.map((kind) => [kind.properties?.['use']?.const ?? 'no use', kind]));
}

/** One of each kind, as short as it may be. */
const MODES: Record<string, object> = {
  native: { use: 'native', on: 'bare' },
  pvdrm: { use: 'pvdrm', on: 'u1' },
  xengt: { use: 'xengt', on: 'u1' },
  gvtg: { use: 'gvtg', on: 'u1', type: 'i915-GVTg_V5_4' },
  'nvidia-vgpu': { use: 'nvidia-vgpu', on: 'u1', device: '0000:41:00.0', type: 232 },
  passthrough: { use: 'passthrough', on: 'u1', device: '0000:01:00.0' },
  'virtio-gpu': { use: 'virtio-gpu', on: 'u1', variant: 'venus' },
  forwarding: { use: 'forwarding', on: 'u1', by: 'pocl-remote', address: '10.0.0.1', port: 10998 },
  custom: { use: 'custom', on: 'bare' },
  'lab-native': { use: 'lab-native', on: 'lab' },
  'lab-passthrough': { use: 'lab-passthrough', on: 'g1' },
  'lab-pvdrm': { use: 'lab-pvdrm', on: 'g1' },
  'lab-mediated': { use: 'lab-mediated', on: 'g1' },
  'lab-forwarding': { use: 'lab-forwarding', on: 'g1' },
  'lab-emulation': { use: 'lab-emulation', on: 'g1' },
};
const WORKLOADS: Record<string, object> = {
  clpeak: { use: 'clpeak' },
  hashcat: { use: 'hashcat' },
  command: { use: 'command', name: 'mmul', run: './mmul', metric: { duration: true } },
  probe: { use: 'probe', name: 'map', run: './probe-map' },
};
const POWERS: Record<string, object> = {
  xl: { use: 'xl', config: '/etc/xen/u1.cfg' },
  virsh: { use: 'virsh' },
  qmp: { use: 'qmp', socket: '/run/u1.qmp', start: 'qemu-system-x86_64 -daemonize' },
  custom: { use: 'custom', start: 'start', shutdown: 'shutdown', destroy: 'destroy', status: 'status' },
};
const TARGETS = {
  bare: { ssh: 'gpu-host' },
  lab: { lab: 'bare' },
  dom0: { lab: 'dom0' },
  g1: { lab: 'g1', host: 'dom0' },
  u1: { ssh: 'u1', host: 'bare', power: POWERS['xl'] },
};

/** Whether the loader takes an experiment with these keys in place of its own. */
function parses(keys: object): boolean {
  const whole = {
    name: 'x',
    targets: TARGETS,
    modes: { native: MODES['native'] },
    workloads: [WORKLOADS['clpeak']],
  };
  return experimentSchema.safeParse({ ...whole, ...keys }).success;
}

function everyMap(root: Schema): Schema[] {
  const inner = Object.values(root).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? everyMap(value as Schema) : [],
  );
  return root.type === 'object' && root.properties !== undefined ? [root, ...inner] : inner;
}

describe('the JSON Schema of the experiment file', () => {
  it('is what an editor takes: plain JSON with its dialect', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
    assert.match(JSON.stringify(schema), /json-schema\.org/);
  });

  it('asks for what has no default, and for no more', () => {
    assert.deepEqual(schema.required, ['name', 'targets', 'modes', 'workloads']);
    assert.deepEqual(Object.keys(schema.properties ?? {}), Object.keys(experimentSchema.shape));
    assert.deepEqual(schema.properties?.['design']?.required ?? [], []);
    const modes = kinds(schema.properties?.['modes']?.additionalProperties as Schema);
    assert.deepEqual(modes['custom']?.required, ['use', 'on']);
  });

  it('refuses unknown keys wherever the loader does', () => {
    const maps = everyMap(schema);
    assert.ok(maps.length >= 12, `${maps.length} maps`);
    for (const map of maps) assert.equal(map.additionalProperties, false, JSON.stringify(map).slice(0, 200));
  });

  for (const [what, found, examples] of [
    ['mode', kinds(schema.properties?.['modes']?.additionalProperties as Schema), MODES],
    ['workload', kinds(schema.properties?.['workloads']?.items), WORKLOADS],
    [
      'power',
      kinds(
        (schema.properties?.['targets']?.additionalProperties as Schema | undefined)?.properties?.['power'],
      ),
      POWERS,
    ],
  ] as const) {
    it(`has an example here of each kind of ${what}, and no other`, () => {
      assert.deepEqual(Object.keys(found).sort(), Object.keys(examples).sort());
    });

    for (const [kind, { required = [], properties = {} }] of Object.entries(found))
      it(`asks of the ${what} ${kind} what the loader does: its example, and nothing less`, () => {
        const example = examples[kind] ?? {};
        const loads = (one: object) =>
          parses(
            {
              mode: { modes: { native: MODES['native'], one } },
              workload: { workloads: [one] },
              power: { targets: { ...TARGETS, u1: { ...TARGETS.u1, power: one } } },
            }[what],
          );
        assert.ok(loads(example), 'the example');
        assert.ok(Object.keys(example).every((key) => key in properties));
        assert.equal('sweep' in properties, what === 'workload');
        for (const key of required)
          assert.ok(
            !loads(Object.fromEntries(Object.entries(example).filter(([name]) => name !== key))),
            key,
          );
      });
  }

  it('has a mode that extends another take any option that a mode may have', () => {
    const each = schema.properties?.['modes']?.additionalProperties as Schema;
    const [extending] = (each.oneOf ?? each.anyOf ?? []).filter(({ required }) =>
      required?.includes('extends'),
    );
    for (const key of ['on', 'cache', 'wrapper', 'fences', 'extends'])
      assert.ok(key in (extending?.properties ?? {}), key);
  });

  it('takes quantities as they are written: as texts', () => {
    const { design, limits } = schema.properties ?? {};
    assert.equal(design?.properties?.['budget']?.type, 'string');
    assert.equal(design.properties['margin']?.type, 'string');
    assert.equal(limits?.properties?.['output']?.type, 'string');
  });
});
