import { z } from 'zod';
import { commandLine } from '../../words/names.ts';
import type { Contradiction } from '../../words/contradiction.ts';
import { programOf } from '../../words/need.ts';
import { modeKind, modeSchema } from '../kind.ts';
import { serverOf } from './techniques.ts';

const PORT = z.int({ error: 'expected a port, such as 10998' }).min(1).max(65_533);

const schema = modeSchema(
  'forwarding',
  {
    by: z
      .enum(['pocl-remote', 'rcuda', 'cricket'])
      .describe('What forwards: PoCL-Remote for OpenCL, rCUDA or Cricket for CUDA.'),
    address: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, { error: 'expected an IPv4 address or a name' })
      .describe('Where the guest reaches the server on its host.'),
    port: PORT.optional().describe(
      'The server’s port: of PoCL-Remote the first of three in a row, of rCUDA 8308 by default. Cricket has one from rpcbind.',
    ),
    gpu: z.int().min(0).max(99).default(0).describe('Which of the server’s devices, counted from 0.'),
    'rpc-id': z.int().min(0).max(99).optional().describe('Cricket’s: tells its servers on one host apart.'),
    library: z
      .string()
      .startsWith('/', { error: 'expected an absolute path there' })
      .regex(/^[A-Za-z0-9_./+-]+$/, { error: 'expected a path of letters, digits and _./+-' })
      .optional()
      .describe(
        'The client’s library in the guest: PoCL’s .icd file, rCUDA’s folder of libraries, or cricket-client.so.',
      ),
    server: commandLine
      .optional()
      .describe(
        'What starts the server on the host, and ends with it; by default pocld, rCUDAd -i or cricket-rpc-server, as PATH has it.',
      ),
  },
  'API forwarding: calls of OpenCL or CUDA go over a network to a server that has the GPU.',
);

export type ForwardingSpec = z.output<typeof schema>;

function contradictions(spec: ForwardingSpec): Contradiction[] {
  const { by, port, library } = spec;
  const all: [wrong: boolean, key: 'port' | 'library' | 'rpc-id', expected: string][] = [
    [by === 'pocl-remote' && port === undefined, 'port', 'a port, which pocld is told'],
    [by === 'cricket' && port !== undefined, 'port', 'none: rpcbind tells Cricket’s'],
    [by === 'cricket' && library === undefined, 'library', 'the path of cricket-client.so in the guest'],
    [by !== 'cricket' && spec['rpc-id'] !== undefined, 'rpc-id', 'none: it is Cricket’s'],
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
      'the server that the mode has started runs on the guest’s host, and listens',
      'while a trial runs, the server has a connection, and the guest one to the server’s port: a workload that takes a device of the guest’s own has none',
      'PoCL-Remote: the guest’s OpenCL has no device but the server’s, by the version that clinfo shows',
      'the client’s library is there in the guest, where it is named',
      'the same GPU does the work in each block, by its PCI ID and address and the machine that it is in',
    ],
    fails: [
      {
        told: 'the server does not listen',
        next: 'read the end of its log, in the same line: the port is taken, or it finds no device of its own',
      },
      {
        told: 'clinfo shows no device',
        next: 'see that the guest reaches address and port (a firewall?), and that its PoCL is built with ENABLE_REMOTE_CLIENT',
      },
      {
        told: 'no connection to the server',
        next: 'the workload took a local device, or none: see which it is told to take, and library',
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
