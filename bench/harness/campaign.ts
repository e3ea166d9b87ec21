/**
 * The overhead of a whole campaign: 100 trials of one sample of 50 ms in five modes, each of which is
 * prepared, attested before and after, and restored on a guest and its host; compared with a bare shell loop
 * that runs the same commands over the same kind of connection, one ssh each over one master per target.
 * Alternating.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Event } from '../../src/record/event.ts';
import { readEvents } from '../../src/record/read-journal.ts';
import { median } from '../../src/statistics/quantile.ts';
import { startServers } from '../loopback/sshd.ts';

const MODES = ['native', 'm1', 'm2', 'm3', 'm4'];
const WORKLOADS = ['w1', 'w2', 'w3', 'w4'];
const BLOCKS = 5;
const TRIALS = MODES.length * WORKLOADS.length * BLOCKS;
const WORK_MS = 50;
const ROUNDS = 3;
const WORK = `/bin/sleep ${WORK_MS / 1000}`;

/** What entering a mode does: writes a state file on the guest and one on its host. */
const commands = (folder: string, mode: string) => ({
  guest: {
    prepare: `echo ${mode} >${folder}/guest.mode`,
    attest: `grep ${mode} ${folder}/guest.mode`,
    restore: `rm -f ${folder}/guest.mode`,
  },
  host: {
    prepare: `echo ${mode} >${folder}/host.mode`,
    attest: `grep ${mode} ${folder}/host.mode`,
    restore: `rm -f ${folder}/host.mode`,
  },
});

/** Times of one campaign, in ms. */
interface Campaign {
  wallMs: number;
  /** A trial, including its work. */
  trialMs: number;
  /** A visit, without its trials. */
  visitMs: number;
}

export async function benchCampaign(): Promise<void> {
  const servers = await startServers([{ alias: 'guest' }, { alias: 'host' }]);
  const folder = mkdtempSync(join(tmpdir(), 'vgb-campaign-'));
  try {
    const experiment = join(folder, 'campaign.yaml');
    const loop = join(folder, 'loop.sh');
    writeFileSync(experiment, experimentText(folder, servers.sshConfig));
    writeFileSync(loop, loopText(folder, servers.sshConfig));
    const [own, bare]: [Campaign[], Campaign[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await runLoop(loop));
      own.push(await runOwn(experiment, join(folder, `run${round}`)));
    }
    show(own, bare);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await servers.stop();
  }
}

function experimentText(folder: string, sshConfig: string): string {
  const modes = MODES.map((mode) => {
    const { guest, host } = commands(folder, mode);
    const list = (what: 'prepare' | 'attest' | 'restore') =>
      `[{ run: ${JSON.stringify(guest[what])} }, { run: ${JSON.stringify(host[what])}, at: host }]`;
    return `  ${mode}: { use: custom, on: guest, prepare: ${list('prepare')}, attest: ${list('attest')}, restore: ${list('restore')} }`;
  });
  return `name: campaign
same-machine: allowed
baseline: native
targets:
  guest: { ssh: guest, config: ${sshConfig}, host: host }
  host: { ssh: host, config: ${sshConfig} }
modes:
${modes.join('\n')}
workloads:
${WORKLOADS.map((name) => `  - { use: command, name: ${name}, run: ${WORK}, metric: { duration: true } }`).join('\n')}
design: { blocks: ${BLOCKS}, warmup: 0, samples: 1 }
`;
}

/**
 * Each line it prints is a moment, in us: the start of a visit, of its first trial, and the end of its last.
 */
function loopText(folder: string, sshConfig: string): string {
  const on = (target: 'guest' | 'host') =>
    `ssh -F ${sshConfig} -o BatchMode=yes -o ControlPath=${folder}/%n -o ControlMaster=no ${target}`;
  const visit = (mode: string) => {
    const { guest, host } = commands(folder, mode);
    const both = (what: 'prepare' | 'attest' | 'restore') =>
      `${on('guest')} '${guest[what]}' </dev/null >>${folder}/log && ${on('host')} '${host[what]}' </dev/null >>${folder}/log`;
    return [
      'moment visit',
      both('prepare'),
      both('attest'),
      'moment trials',
      ...WORKLOADS.map(() => `${on('guest')} '${WORK}' </dev/null >>${folder}/log`),
      'moment ended',
      both('attest'),
      both('restore'),
    ].join('\n');
  };
  const masters = (['guest', 'host'] as const).map(
    (target) =>
      `ssh -F ${sshConfig} -o BatchMode=yes -o ControlPath=${folder}/%n -o ControlMaster=yes -fN ${target} </dev/null >/dev/null 2>&1`,
  );
  return `moment() { echo "$1 $EPOCHREALTIME"; }
${masters.join('\n')}
for block in ${Array.from({ length: BLOCKS }, (_, index) => index + 1).join(' ')}; do
${MODES.map(visit).join('\n')}
done
moment visit
${(['guest', 'host'] as const).map((target) => `${on(target)} -O exit 2>/dev/null`).join('\n')}
`;
}

async function runLoop(script: string): Promise<Campaign> {
  const { stdout } = await execa('bash', [script]);
  const moments = stdout.split('\n').map((line) => {
    const [what = '', seconds = ''] = line.split(' ');
    return { what, atMs: Number(seconds) * 1000 };
  });
  const at = (wanted: string) => moments.flatMap(({ what, atMs }) => (what === wanted ? [atMs] : []));
  return campaignOf(at('visit'), at('trials'), at('ended'));
}

async function runOwn(experiment: string, directory: string): Promise<Campaign> {
  const program = join(import.meta.dirname, '../../bin/vgpubench');
  await execa(process.execPath, [program, 'run', experiment, '--out', directory]);
  const events = [...readEvents(join(directory, 'journal.jsonl'))];
  const [visit, trials, ended]: [number[], number[], number[]] = [[], [], []];
  let before: Event | undefined;
  for (const event of events) {
    const opensVisit = event.type === 'undo-planned' && before?.type !== 'undo-planned';
    if (opensVisit) visit.push(before?.atMs ?? event.atMs);
    if (event.type === 'trial-started' && before?.type === 'attested') trials.push(event.atMs);
    if (event.type === 'attested' && event.when === 'after') ended.push(lastEnd(events, event));
    before = event;
  }
  visit.push(events.at(-1)?.atMs ?? 0);
  return campaignOf(visit, trials, ended);
}

/** When the last trial ended before an event. */
function lastEnd(events: readonly Event[], before: Event): number {
  const ended = events.slice(0, events.indexOf(before)).findLast(({ type }) => type === 'trial-ended');
  if (ended === undefined) throw new Error('a visit without a trial');
  return ended.atMs;
}

/**
 * @param visit When each visit began, and when the last one was over; `trials`, `ended`: of each visit's
 * trials.
 */
function campaignOf(visit: readonly number[], trials: readonly number[], ended: readonly number[]): Campaign {
  const visits = MODES.length * BLOCKS;
  if (visit.length !== visits + 1 || trials.length !== visits || ended.length !== visits)
    throw new Error(`expected ${visits} visits, found ${visit.length}, ${trials.length}, ${ended.length}`);
  const wallMs = (visit.at(-1) ?? 0) - (visit[0] ?? 0);
  const inTrials = trials.reduce((sum, began, index) => sum + (ended[index] ?? 0) - began, 0);
  return { wallMs, trialMs: inTrials / TRIALS, visitMs: (wallMs - inTrials) / visits };
}

function show(own: readonly Campaign[], bare: readonly Campaign[]): void {
  const line = (what: string, of: (one: Campaign) => number, unit: string, wanted = '') => {
    const [a, b] = [median(own.map(of)), median(bare.map(of))];
    const ratio = median(own.map((one, index) => of(one) / of(bare[index] ?? one)));
    process.stdout.write(
      `  ${what.padEnd(34)} vgpubench ${a.toFixed(1).padStart(7)} ${unit}   loop ${b.toFixed(1).padStart(7)} ${unit}   ratio ${ratio.toFixed(2)}${wanted}\n`,
    );
  };
  process.stdout.write(
    `${TRIALS} trials of ${WORK_MS} ms in ${MODES.length} modes, medians of ${ROUNDS} campaigns each, alternating\n`,
  );
  line('work as a share of wall time', ({ wallMs }) => (100 * WORK_MS * TRIALS) / wallMs, '%');
  line('per visit, without its trials', ({ visitMs }) => visitMs, 'ms', '   (wanted: at most 1.5)');
  line('per trial, without its work', ({ trialMs }) => trialMs - WORK_MS, 'ms', '   (wanted: at most 2)');
}
