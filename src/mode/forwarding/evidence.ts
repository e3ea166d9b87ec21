/** Evidence from both sides for a server and its clients. Source: Linux, Documentation/networking/proc_net_tcp.rst. */
import { exports } from '../../words/quote.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import { environsOf } from '../marked.ts';
import type { Finding, Site } from '../mode.ts';
import type { ForwardingSpec } from './kind.ts';
import { environmentOf, portOf } from './techniques.ts';

/** States in /proc/net/tcp. */
const ESTABLISHED = '01';
const LISTEN = '0A';

/** The server of one session. */
export interface Server {
  /** A variable in the environment of its processes. */
  mark: string;
  /** The file with its output. */
  log: string;
}

/** A shell function that prints the server’s sockets in a given state: local and remote port, in hex. */
export function socketsIn(state: string, mark: string): string {
  return String.raw`vgb_sockets() {
{ for vgb_e in $(${environsOf(mark)}); do readlink "${'$'}{vgb_e%environ}"fd/* 2>/dev/null; done | sed -n 's/^socket:\[\([0-9]*\)\]$/\1/p'
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; } | awk 'NF == 1 { own[$1]; next } $4 == "${state}" && $10 in own { sub(/.*:/, "", $2); sub(/.*:/, "", $3); print $2, $3 }'
}`;
}

export const LISTENING = (mark: string): string => socketsIn(LISTEN, mark);

/** The ports in the first column. */
function portsOf(text = ''): number[] {
  const ports = [...text.matchAll(/(?:^|,)([0-9A-F]{4})(?= )/g)].map(([, hex]) => parseInt(hex ?? '', 16));
  return [...new Set(ports)].sort((a, b) => a - b);
}

const rows = "vgb_sockets | tr '\\n' ','";

/** Where the server listens, or why it does not. @throws LinkLost */
async function readServer(site: Site, { mark, log }: Server): Promise<Facts> {
  return factsOf(
    hostOf(site),
    String.raw`${LISTENING(mark)}
[ -n "$(${environsOf(mark)})" ] && printf 'runs\tyes\n'
printf 'listens\t%s\n' "$(${rows})"
printf 'log\t%s\n' "$(tail -n 1 ${log} 2>&1)"
:`,
  );
}

/** @throws LinkLost */
async function readGuest({ guest }: Site, spec: ForwardingSpec): Promise<Facts> {
  const { by, library } = spec;
  const devices = `( ${exports(environmentOf(spec))}timeout 20 clinfo 2>/dev/null ) | sed -n 's/^  Device Version  *//p' | awk 'NR < 10 { printf "device %d\\t%s\\n", NR, $0 }'`;
  return factsOf(
    guest,
    `${library === undefined ? ':' : `[ -e ${library} ] && printf 'library\\tthere\\n'`}
${by === 'pocl-remote' ? devices : ':'}
:`,
  );
}

/** What must hold as long as the mode is entered, and the ports that its server listens on. @throws LinkLost */
export async function standing(
  site: Site,
  spec: ForwardingSpec,
  server: Server,
): Promise<{ findings: Finding[]; ports: number[] }> {
  const [host, guest] = await Promise.all([readServer(site, server), readGuest(site, spec)]);
  const ports = portsOf(host.get('listens'));
  const port = portOf(spec);
  const isListening = port === undefined ? ports.length > 0 : ports.includes(port);
  const target = site.guest.name;
  const { library, address, by } = spec;
  return {
    ports,
    findings: [
      {
        target: hostOf(site).name,
        claim: `its server runs and listens${port === undefined ? '' : ` on ${port}`}`,
        ok: host.has('runs') && isListening,
        evidence: isListening
          ? `it listens on ${ports.join(', ')}`
          : `the server does not listen${host.has('runs') ? '' : ', and has ended'}: ${host.get('log') ?? ''}`,
      },
      ...(library === undefined
        ? []
        : [
            {
              ...{ target, claim: 'it has the client’s library' },
              ok: guest.has('library'),
              evidence: guest.has('library') ? library : `no ${library}`,
            },
          ]),
      ...(by === 'pocl-remote' ? [onlyRemote(target, guest, `PoCL-Remote ${address}:${port ?? 0}/`)] : []),
    ],
  };
}

/** Devices have the same names as on the server; their versions say how they are reached. */
function onlyRemote(target: string, guest: Facts, remote: string): Finding {
  const devices = [...guest].flatMap(([fact, version]) => (fact.startsWith('device ') ? [version] : []));
  return {
    target,
    claim: 'its OpenCL only has the server’s device',
    ok: devices.length > 0 && devices.every((version) => version.includes(remote)),
    evidence: devices.join('; ') || 'clinfo shows no device',
  };
}

/** How often to look for a connection, ten times a second: a workload may take some time to open its device. */
const LOOKS = 100;

/** Prints a command’s output as soon as there is any. */
const awaited = (command: string): string => String.raw`vgb_i=0
while vgb_r=$(${command}); [ -z "$vgb_r" ] && [ "$vgb_i" -lt ${LOOKS} ]; do
  vgb_i=$((vgb_i + 1))
  sleep 0.1 2>/dev/null || sleep 1
done
printf 'connected\t%s\n' "$vgb_r"
:`;

/** While a workload runs: whether server and guest are connected. @throws LinkLost */
export async function connected(site: Site, { mark }: Server, ports: readonly number[]): Promise<Finding[]> {
  const wanted = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')).join('|');
  const [host, guest] = await Promise.all([
    factsOf(hostOf(site), `${socketsIn(ESTABLISHED, mark)}\n${awaited(rows)}`),
    factsOf(
      site.guest,
      awaited(
        `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "${ESTABLISHED}" && $3 ~ /:(${wanted})$/ { sub(/.*:/, "", $3); print $3, "" }' | tr '\\n' ','`,
      ),
    ),
  ]);
  const finding = (target: string, claim: string, facts: Facts): Finding => {
    const found = portsOf(facts.get('connected'));
    return {
      ...{ target, claim },
      ok: found.length > 0,
      evidence: found.length > 0 ? `at port ${found.join(', ')}` : 'no connection to the server in 10 s',
    };
  };
  return [
    finding(hostOf(site).name, 'its server has a client', host),
    finding(site.guest.name, 'its workload is a client of the server', guest),
  ];
}
