/**
 * The cost of running a no-op program in a guest, in four ways, interleaved in one process: a fresh ssh, an
 * ssh over the master, a bare framed stream written for this benchmark, and vgpubench's own path (a sample of
 * an open trial: claim, clock, workload in its group, kept result, frames).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Bench } from 'tinybench';
import { median } from '../../src/statistics/quantile.ts';
import { Connection } from '../../src/target/connection.ts';
import { freshArguments, sessionArguments } from '../../src/target/ssh.ts';
import { Target } from '../../src/target/target.ts';
import { startServers } from '../loopback/sshd.ts';

/** A program, not a shell builtin, because programs are what is dispatched. */
const NO_OP = '/bin/true';
const ROUNDS = 25;
const ARMS = { 'fresh ssh': 1, 'ssh over the master': 2, 'bare stream': 12, vgpubench: 12 } as const;
type Arm = keyof typeof ARMS;

export async function benchDispatch(): Promise<void> {
  const servers = await startServers([{ alias: 'dispatch' }]);
  const control = mkdtempSync(join(tmpdir(), 'vgb-'));
  const address = { ssh: 'dispatch', config: servers.sshConfig };
  const socket = join(control, 'bare');
  const master = await Connection.open(address, socket);
  const owner = { token: randomBytes(8).toString('hex'), who: 'bench' };
  const target = new Target('dispatch', address, control, undefined, { owner, roomKib: 4096 });
  try {
    const bare = bareStream(master);
    const own = await target.openTrial({
      directory: 'trial',
      command: NO_OP,
      environment: {},
      outputBytes: 1e6,
      fileBytes: 1e8,
      giveUpMs: 300_000,
      begun: false,
    });
    let key = 0;
    const tasks: Record<Arm, () => Promise<unknown>> = {
      'fresh ssh': () => execa('ssh', freshArguments(address, NO_OP)),
      'ssh over the master': () => execa('ssh', sessionArguments(address, socket, NO_OP)),
      'bare stream': () => bare.run(NO_OP),
      vgpubench: () => own.run(`s${key++}`),
    };
    const samples = await interleaved(tasks);
    bare.close();
    own.close();
    await target.leave();
    show(samples);
  } finally {
    await master.close();
    await target.close();
    rmSync(control, { recursive: true, force: true });
    await servers.stop();
  }
}

/** Every round runs every arm a few times, so that changes of the machine's speed affect all of them. */
async function interleaved(tasks: Record<Arm, () => Promise<unknown>>): Promise<Record<Arm, number[]>> {
  const samples: Record<Arm, number[]> = {
    'fresh ssh': [],
    'ssh over the master': [],
    'bare stream': [],
    vgpubench: [],
  };
  const arms = Object.keys(ARMS) as Arm[];
  for (let round = 0; round < ROUNDS; round++)
    for (const arm of round % 2 === 0 ? arms : arms.toReversed()) {
      const bench = new Bench({
        iterations: ARMS[arm],
        time: 0,
        warmup: false,
        retainSamples: true,
        throws: true,
      });
      bench.add(arm, tasks[arm], { async: true });
      const [task] = await bench.run();
      if (task?.result.state === 'completed') samples[arm].push(...(task.result.latency.samples ?? []));
    }
  return samples;
}

function show(samples: Record<Arm, number[]>): void {
  const at = (arm: Arm) => median(samples[arm]);
  process.stdout.write(
    `dispatch of ${NO_OP} over SSH on loopback, medians of ${ROUNDS} interleaved rounds\n`,
  );
  for (const arm of Object.keys(ARMS) as Arm[])
    process.stdout.write(
      `  ${arm.padEnd(20)} ${at(arm).toFixed(2).padStart(8)} ms   (${samples[arm].length} runs)\n`,
    );
  process.stdout.write(
    `  vgpubench / bare stream          ${(at('vgpubench') / at('bare stream')).toFixed(2)}   (wanted: at most 1.3)\n`,
  );
  process.stdout.write(
    `  ssh over the master / vgpubench  ${(at('ssh over the master') / at('vgpubench')).toFixed(1)}   (wanted: at least 10)\n`,
  );
}

/** The minimum for a framed stream: runs the line, prints a mark with its status. */
function bareStream(master: Connection): { run: (command: string) => Promise<number>; close: () => void } {
  const nonce = randomBytes(16).toString('hex');
  const process = master.session('exec sh', 'shared');
  let heard = '';
  let answer: (status: number) => void = () => undefined;
  process.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    const match = new RegExp(`\\n${nonce} (\\d+)\\n`).exec(heard);
    if (match === null) return;
    heard = '';
    answer(Number(match[1]));
  });
  return {
    run: (command) =>
      new Promise((resolve) => {
        answer = resolve;
        process.stdin.write(`${command}; printf '\\n%s %s\\n' ${nonce} $?\n`);
      }),
    close: () => {
      process.stdin.end();
    },
  };
}
