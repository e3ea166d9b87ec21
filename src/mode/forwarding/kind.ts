import { z } from 'zod';
import { commandLine } from '../../words/names.ts';
import type { Contradiction } from '../../words/contradiction.ts';
import { programOf } from '../../words/need.ts';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { serverOf } from './techniques.ts';

const PORT = z.int({ error: 'expected a port, such as 10998' }).min(1).max(65_533);

const schema = modeSchema(
  'forwarding',
  {
    by: z
      .enum(['pocl-remote', 'rcuda', 'cricket'])
      .describe('The forwarding system: PoCL-Remote for OpenCL, rCUDA or Cricket for CUDA.'),
    address: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, { error: 'expected an IPv4 address or a name' })
      .describe('The address at which the guest reaches the server on its host.'),
    port: PORT.optional().describe(
      'The server’s port: for PoCL-Remote the first of three consecutive ones, for rCUDA 8308 by default. Cricket gets one from rpcbind.',
    ),
    gpu: z.int().min(0).max(99).default(0).describe('The number of the server’s device, counted from 0.'),
    'rpc-id': z
      .int()
      .min(0)
      .max(99)
      .optional()
      .describe('Cricket only: distinguishes its servers on one host.'),
    library: z
      .string()
      .startsWith('/', { error: 'expected an absolute path there' })
      .regex(/^[A-Za-z0-9_./+-]+$/, { error: 'expected a path of letters, digits and _./+-' })
      .optional()
      .describe(
        'The client’s library in the guest: PoCL’s .icd file, rCUDA’s library directory, or cricket-client.so.',
      ),
    server: commandLine
      .optional()
      .describe(
        'The command that runs the server on the host, in the foreground. Default: pocld, rCUDAd -i or cricket-rpc-server from PATH.',
      ),
  },
  'API forwarding: OpenCL or CUDA calls are sent over a network to a server that has the GPU.',
);

export type ForwardingSpec = z.output<typeof schema>;

function contradictions(spec: ForwardingSpec): Contradiction[] {
  const { by, port, library } = spec;
  const all: [wrong: boolean, key: 'port' | 'library' | 'rpc-id', expected: string][] = [
    [by === 'pocl-remote' && port === undefined, 'port', 'a port for pocld'],
    [by === 'cricket' && port !== undefined, 'port', 'none: Cricket gets one from rpcbind'],
    [by === 'cricket' && library === undefined, 'library', 'the path of cricket-client.so in the guest'],
    [by !== 'cricket' && spec['rpc-id'] !== undefined, 'rpc-id', 'none: only Cricket has it'],
  ];
  return all
    .filter(([wrong]) => wrong)
    .map(([, key, expected]) => ({ key: [key], expected, found: String(spec[key] ?? 'none') }));
}

export const forwarding = modeKind({
  use: 'forwarding',
  schema,
  facts: {
    boundary: 'API',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    onHardware: false,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'the server that the mode started runs on the guest’s host and listens',
      'while a trial runs, the server has a connection, and the guest has one to the server’s port: a workload that uses a local device has none',
      'PoCL-Remote: according to the versions that clinfo shows, the guest’s OpenCL has only the server’s devices',
      'the client’s library exists in the guest, if it is named',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'the server does not listen',
        next: 'read the end of its log, on the same line: the port is taken, or it finds no device',
      },
      {
        told: 'clinfo shows no device',
        next: 'make sure that the guest reaches address and port (a firewall?), and that its PoCL was built with ENABLE_REMOTE_CLIENT',
      },
      {
        told: 'no connection to the server',
        next: 'the workload used a local device, or none: check which device it selects, and library',
      },
    ],
    example: {
      targets: { host: { ssh: 'gpu-host' }, guest1: { ssh: 'guest1', host: 'host' } },
      modes: {
        native: { use: 'native', on: 'host' },
        forwarded: {
          use: 'forwarding',
          on: 'guest1',
          by: 'pocl-remote',
          address: '192.168.122.1',
          port: 10998,
        },
      },
    },
  },
  sleeps: () => false,
  options: {
    by: { costs: 'nothing', shapesFigures: true },
    address: { costs: 'nothing', shapesFigures: true },
    port: { costs: 'nothing', shapesFigures: false },
    gpu: { costs: 'nothing', shapesFigures: true },
    'rpc-id': { costs: 'nothing', shapesFigures: false },
    library: { costs: 'nothing', shapesFigures: true },
    server: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: () => 'has its server on the guest’s host',
  needsPower: () => undefined,
  needs: (spec) => [
    { at: 'host', program: 'setsid' },
    { at: 'host', program: programOf(serverOf(spec)), ofUser: spec.server !== undefined },
    ...(spec.by === 'pocl-remote' ? [{ at: 'guest' as const, program: 'clinfo' }] : []),
  ],
  contradictions,
  program: async () => (await import('./program.ts')).forwardingMode,
});
