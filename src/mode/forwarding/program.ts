import { randomBytes } from 'node:crypto';
import { type Examined, amiss, fine } from '../../words/examined.ts';
import { factsOf } from '../facts.ts';
import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import { endMarked, environsOf, startMarked } from '../marked.ts';
import type { Change, Mode, Site } from '../mode.ts';
import { LISTENING, type Server, connected, standing } from './evidence.ts';
import type { ForwardingSpec } from './kind.ts';
import { environmentOf, portOf, serverOf } from './techniques.ts';

/** A server that is started on the host for a stay, and the environment with which the guest’s workloads find it. */
export function forwardingMode(name: string, spec: ForwardingSpec): Mode {
  const id = randomBytes(8).toString('hex');
  const server = { mark: `VGPUBENCH_SERVER=${id}`, log: `/tmp/vgpubench-${id}.log` };
  /** The ports that the server listens on, by the name of its client. */
  const ports = new Map<string, number[]>();
  return {
    name,
    prepare: (site) => Promise.resolve([serve(hostOf(site).name, spec, server)]),
    examine: (site) => examine(name, spec, site),
    attest: async (site) => {
      const stood = await standing(site, spec, server);
      ports.set(site.guest.name, stood.ports);
      return stood.findings;
    },
    attestDuring: (site) => connected(site, server, ports.get(site.guest.name) ?? []),
    gpu: (site) => gpuOf(hostOf(site)),
    counters: () => Promise.resolve({}),
    wrap: (command) => command,
    environment: environmentOf(spec),
  };
}

/** One server for all guests of a host. Its log is a new file, whatever else is in /tmp. */
function serve(target: string, spec: ForwardingSpec, { mark, log }: Server): Change {
  const runs = `[ -n "$(${environsOf(mark)})" ]`;
  return {
    target,
    script: String.raw`${LISTENING(mark)}
${runs} || { ( umask 077; set -C; : >${log} ) && ${startMarked(mark, serverOf(spec), log)}; } || exit 1
vgb_i=0
until [ -n "$(vgb_sockets)" ]; do
  ${runs} && [ "$vgb_i" -lt 100 ] || { echo 'the server does not listen; the end of its log:' >&2; tail -n 5 ${log} >&2; exit 1; }
  vgb_i=$((vgb_i + 1))
  sleep 0.1 2>/dev/null || sleep 1
done`,
    undo: { target, script: `( ${endMarked(mark)} ) && rm -f ${log}` },
  };
}

/** Whether another process uses the server’s port. @throws LinkLost */
async function examine(name: string, spec: ForwardingSpec, site: Site): Promise<Examined[]> {
  const port = portOf(spec);
  if (port === undefined) return [];
  const host = hostOf(site);
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const facts = await factsOf(
    host,
    `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" && $2 ~ /:${hex}$/ { printf "taken\\tyes\\n" }'\n:`,
  );
  const what = `port ${port} is free for its server`;
  return [
    {
      target: host.name,
      ...(facts.has('taken')
        ? amiss(what, 'something listens there', 'end that process, or use another port', {
            key: `modes.${name}.port`,
            value: undefined,
          })
        : fine(what, 'nothing listens there')),
    },
  ];
}
