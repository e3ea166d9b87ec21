/**
 * How each server is started, and how its client finds it. Source: PoCL, doc/sphinx/source/remote.rst; rCUDA’s user guide;
 * Cricket’s README.
 */
import type { ForwardingSpec } from './kind.ts';

const RCUDA_PORT = 8308;

/** The port that the server must listen on; undefined if rpcbind assigns it. */
export function portOf({ by, port }: ForwardingSpec): number | undefined {
  return port ?? (by === 'rcuda' ? RCUDA_PORT : undefined);
}

interface Technique {
  server: (spec: ForwardingSpec) => string;
  environment: (spec: ForwardingSpec) => Record<string, string>;
}

const TECHNIQUES: Record<ForwardingSpec['by'], Technique> = {
  'pocl-remote': {
    server: ({ address, port }) => `pocld -a ${address} -p ${port ?? 0}`,
    environment: ({ address, port, gpu, library }) => ({
      POCL_DEVICES: 'remote',
      POCL_REMOTE0_PARAMETERS: `${address}:${port ?? 0}/${gpu}`,
      ...(library === undefined ? {} : { OCL_ICD_VENDORS: library }),
    }),
  },
  rcuda: {
    server: (spec) => `rCUDAd -i -p ${portOf(spec) ?? 0}`,
    environment: (spec) => ({
      RCUDA_DEVICE_COUNT: '1',
      RCUDA_DEVICE_0: `${spec.address}${spec.port === undefined ? '' : `@${spec.port}`}:${spec.gpu}`,
      ...(spec.library === undefined ? {} : { LD_LIBRARY_PATH: spec.library }),
    }),
  },
  cricket: {
    server: (spec) => `cricket-rpc-server${spec['rpc-id'] === undefined ? '' : ` ${spec['rpc-id']}`}`,
    environment: (spec) => ({
      REMOTE_GPU_ADDRESS: spec.address,
      ...(spec['rpc-id'] === undefined ? {} : { CRICKET_RPCID: String(spec['rpc-id']) }),
      ...(spec.library === undefined ? {} : { LD_PRELOAD: spec.library }),
    }),
  },
};

/** The command line that starts the server. */
export const serverOf = (spec: ForwardingSpec): string => spec.server ?? TECHNIQUES[spec.by].server(spec);

/** The environment of the guest’s workloads. */
export const environmentOf = (spec: ForwardingSpec): Record<string, string> =>
  TECHNIQUES[spec.by].environment(spec);
