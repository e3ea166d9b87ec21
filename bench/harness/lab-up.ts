/**
 * How long a lab with seven guests takes to start from its snapshot, twenty times in a row (`RESTORES=n` for
 * another number), and each of its machines to answer over SSH once all are awake; then a matrix product in
 * every mode, whose result must be correct, and a clock and random numbers that must be unique to this
 * restore.
 */
import { execa } from 'execa';
import { labDown } from '../../src/lab/life/down.ts';
import { labStatus } from '../../src/lab/life/status.ts';
import { labUp } from '../../src/lab/life/up.ts';
import { labPaths, type LabPaths } from '../../src/lab/paths.ts';
import { median } from '../../src/statistics/quantile.ts';

const GUESTS = 7;
const RESTORES = Number(process.env['RESTORES'] ?? 20);
/** By guest: the commands for dom0 and the guest. */
const MODES: readonly [guest: string, dom0: string, guest: string][] = [
  ['g1', 'passthrough g1', 'passthrough'],
  ['g2', 'pvdrm g2', 'pvdrm cache=0'],
  ['g2', 'pvdrm g2', 'pvdrm cache=1'],
  ['g3', 'mediated g3', 'mediated'],
  ['g4', 'forwarding g4', 'forwarding'],
  ['g5', 'emulation g5', 'emulation'],
];
const PROGRAM = 'mmul 16';
/** How far off a clock may be. */
const CLOCK_S = 3;

export async function benchLabUp(): Promise<void> {
  const paths = labPaths(undefined, 'bench');
  const seen = new Set<string>();
  const times: number[] = [];
  const slowest: number[] = [];
  try {
    await labDown(quiet, paths);
    await labUp(quiet, { paths, guests: GUESTS });
    for (let round = 1; round <= RESTORES; round++) {
      await labDown(quiet, paths);
      const began = performance.now();
      const { sshConfig, aliases } = await labUp(quiet, { paths, guests: GUESTS });
      const upMs = performance.now() - began;
      await requireRestored(paths);
      const answers = await answerTimes(sshConfig, aliases, seen);
      await requireRight(sshConfig);
      times.push(upMs);
      slowest.push(Math.max(...answers.values()));
      say(
        `${round}: up after ${ms(upMs)}; all awake, ${[...answers].map(([alias, took]) => `${alias} ${ms(took)}`).join(', ')}`,
      );
    }
    say(
      `${RESTORES} restores: median ${ms(median(times))}, at most ${ms(Math.max(...times))}; slowest answer ${ms(median(slowest))}, at most ${ms(Math.max(...slowest))}; every result is right`,
    );
  } finally {
    await labDown(quiet, paths);
  }
}

async function requireRestored(paths: LabPaths): Promise<void> {
  const { snapshot, clocks } = await labStatus(paths);
  if (snapshot === null) throw new Error('the lab was booted, not restored');
  for (const alias of ['lab-bare', 'lab-dom0'])
    if (clocks[alias]?.source !== 'tsc')
      throw new Error(`${alias} uses the clock ${clocks[alias]?.source ?? '?'}`);
}

/**
 * Wakes all guests at once, and connects to each machine, one after the other: seven at once would wait for
 * each other's key exchange. Each answer must be of this moment, and unique to this restore.
 */
async function answerTimes(
  config: string,
  aliases: string[],
  seen: Set<string>,
): Promise<Map<string, number>> {
  const guests = aliases.filter((alias) => /^lab-g\d$/.test(alias)).map((alias) => alias.slice(4));
  await on(config, 'lab-dom0', `for guest in ${guests.join(' ')}; do xl unpause $guest; done`);
  const took = new Map<string, number>();
  for (const alias of aliases) {
    const [began, asked] = [performance.now(), Date.now() / 1000];
    const said = await on(config, alias, 'date +%s; od -An -N16 -tx1 /dev/urandom');
    took.set(alias, performance.now() - began);
    const [seconds = '', random = ''] = said.split('\n');
    const time = Number(seconds);
    if (time < asked - CLOCK_S || time > Date.now() / 1000 + CLOCK_S)
      throw new Error(`the clock of ${alias} shows ${time}, but it was read at ${asked}`);
    if (seen.has(random)) throw new Error(`${alias} has the same random numbers as an earlier restore`);
    seen.add(random);
  }
  return took;
}

async function requireRight(config: string): Promise<void> {
  const native = checksumOf(await on(config, 'lab-bare', PROGRAM));
  for (const [guest, dom0, mode] of MODES) {
    await on(config, 'lab-dom0', `vgpu-mode ${dom0}`);
    const said = await on(config, `lab-${guest}`, `vgpu-mode ${mode} && ${PROGRAM}; vgpu-mode none`);
    if (checksumOf(said) !== native) throw new Error(`${mode}: ${said}`);
  }
  await on(config, 'lab-dom0', 'vgpu-mode none');
}

/** Of a result that the program itself found correct. */
function checksumOf(line: string): string {
  const { check, checksum } = JSON.parse(line) as { check: string; checksum: string };
  if (check !== 'ok') throw new Error(line);
  return checksum;
}

async function on(config: string, alias: string, command: string): Promise<string> {
  return (await execa('ssh', ['-F', config, alias, command], { stdin: 'ignore', timeout: 60_000 })).stdout;
}

function ms(time: number): string {
  return `${(time / 1000).toFixed(1)} s`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function quiet(): void {
  // A line per step would hide the measurements.
}
