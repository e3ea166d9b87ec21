/** Real pipes that nobody reads, and a disk that is always full, against the real command line. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import type { Simulation } from '../compare/simulated-run.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { experimentText } from '../support/experiment-text.ts';
import { markedExperiment } from '../support/experiment.ts';
import { until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';
import { writeRun } from './run-directories.ts';

/** Runs shell text in which `vgpubench` is the command line; `code` has its exit code once it has ended. */
function shell(text: string, cwd: string) {
  const program = [process.execPath, ...PROGRAM].map((word) => `'${word}'`).join(' ');
  return execa('sh', ['-c', `vgpubench() { ${program} "$@"; }\n${text}`], {
    reject: false,
    timeout: 120_000,
    cwd,
    env: NEUTRAL,
  });
}

/** Its stdout, or another output, is a pipe whose other end was closed before it starts. */
const closedBefore = (command: string) =>
  `rm -f closed code; { while [ ! -e closed ]; do :; done; ${command}; echo $? >code; } | { exec 0<&-; : >closed; }`;

/** The pipe is closed after its first byte: what doesn't fit into a pipe is cut off in mid-write. */
const closedMeanwhile = (command: string) => `{ ${command}; echo $? >code; } | head -c 1`;

const twice: Simulation['value'] = ({ mode }, _, noise) =>
  100 * (mode === 'slow' ? 2 : 1) * Math.exp(0.01 * noise);

describe('a command whose stdout can’t be written', () => {
  const folder = testFolder();
  writeRun(join(folder, 'base'), { seed: 1 });
  writeRun(join(folder, 'slow'), { seed: 3, value: twice });
  writeRun(join(folder, 'cut'), { seed: 4, upTo: 3 });
  writeFileSync(join(folder, 'large.yaml'), `${experimentText()}design: { blocks: 1000 }\n`);
  writeFileSync(
    join(folder, 'none.yaml'),
    experimentText('{ ssh: gpu-host }', '{ ssh: "nobody@127.0.0.1:1" }'),
  );
  const codeOf = async (text: string) => {
    const { stderr } = await shell(text, folder);
    return { code: Number(readFileSync(join(folder, 'code'), 'utf8')), stderr };
  };

  for (const [command, code] of [
    ['vgpubench --help', 0],
    ['vgpubench schema journal', 0],
    ['vgpubench plan large.yaml --json', 0],
    ['vgpubench plan large.yaml', 0],
    ['vgpubench doctor none.yaml', 4],
    ['vgpubench compare base base --json', 0],
    ['vgpubench compare base slow --json', 1],
    ['vgpubench compare base cut', 3],
    ['vgpubench report slow --json', 0],
    ['vgpubench report slow --json --gate base', 1],
    ['vgpubench restore base', 0],
  ] as const) {
    it(`has ${command} end with its outcome, ${code}, where nobody reads it, and say nothing`, async () => {
      for (const closed of [closedBefore(command), closedMeanwhile(command)]) {
        const found = await codeOf(closed);
        assert.equal(found.code, code, `${closed}\n${found.stderr}`);
        assert.doesNotMatch(found.stderr, /error|EPIPE|\n +at /);
      }
    });
  }

  it('has an output larger than a pipe among these', async () => {
    assert.ok((await shell('vgpubench plan large.yaml --json', folder)).stdout.length > 2 ** 16);
  });

  for (const command of ['--help', 'schema journal', 'plan large.yaml --json', 'compare base base'])
    it(`exits with 4 and a Problem where the disk of ${command} is full`, async () => {
      const { exitCode, stderr } = await shell(`vgpubench ${command} >/dev/full`, folder);
      assert.equal(exitCode, 4, stderr);
      assert.match(stderr, /^error: .*\[VGB-STDOUT\]\n {2}expected: .*\n {2}found: +ENOSPC.*\n {2}next: /);
      assert.doesNotMatch(stderr, /\n +at /);
    });

  it('leaves a slower gate slower on a full disk', async () => {
    const { exitCode, stderr } = await shell('vgpubench compare base slow >/dev/full', folder);
    assert.equal(exitCode, 1);
    assert.match(stderr, /VGB-STDOUT/);
  });

  it('says so, and exits by its outcome, where what it made lies elsewhere', async () => {
    const { exitCode, stderr } = await shell('vgpubench report base >/dev/full', folder);
    assert.equal(exitCode, 0);
    assert.match(stderr, /VGB-STDOUT[\s\S]*ENOSPC/);
  });

  it('exits as ever where its stderr can’t be written', async () => {
    for (const away of ['2>&-', '2>/dev/full', '>&- 2>&-', '>/dev/full 2>/dev/full']) {
      assert.equal((await shell(`vgpubench schema nonsense ${away}`, folder)).exitCode, 2, away);
      assert.equal((await shell(`vgpubench compare base slow ${away}`, folder)).exitCode, 1, away);
    }
    assert.equal((await codeOf(closedBefore('vgpubench schema nonsense 2>&1'))).code, 2);
    assert.equal((await codeOf(closedBefore('vgpubench bogus 2>&1'))).code, 2);
  });
});

describe('a run whose outputs can’t be written', () => {
  const lab = testTargets([{ alias: 'a' }]);
  let count = 0;

  /** Runs shell text around the command line of a run of its own; returns its directory. */
  async function run(text: (command: string) => string, workload = 'speed: 42') {
    const out = `run-${++count}`;
    writeFileSync(
      join(lab.folder, `${out}.yaml`),
      markedExperiment({
        sshConfig: lab.servers.sshConfig,
        marker: join(lab.folder, `${out}.ran`),
        blocks: 2,
        samples: 1,
        seconds: 0.05,
      }).replace("'speed: 42'", `'${workload}'`),
    );
    await shell(text(`vgpubench run ${out}.yaml --out ${out}`), lab.folder);
    return out;
  }
  const code = () => Number(readFileSync(join(lab.folder, 'code'), 'utf8'));
  const assertWhole = (out: string) => {
    const results = JSON.parse(readFileSync(join(lab.folder, out, 'results.json'), 'utf8')) as {
      trials: { completed: number };
    };
    assert.equal(results.trials.completed, 4);
  };

  for (const [what, redirected] of [
    ['with both closed from the start', (command: string) => closedBefore(`${command} 2>&1`)],
    ['with both closed after a byte', (command: string) => closedMeanwhile(`${command} 2>&1`)],
    ['with --json', (command: string) => closedMeanwhile(`${command} --json 2>&1`)],
    ['with stderr on a full disk', (command: string) => `${command} 2>/dev/full; echo $? >code`],
    ['with --json on a full disk', (command: string) => `${command} --json 2>/dev/full; echo $? >code`],
    ['with both on a full disk', (command: string) => `${command} >/dev/full 2>&1; echo $? >code`],
    ['with neither', (command: string) => `${command} >&- 2>&-; echo $? >code`],
  ] as const)
    it(`goes on to its end ${what}`, async () => {
      const out = await run(redirected);
      assert.equal(code(), 0);
      assertWhole(out);
    });

  it('exits by its outcome then, too, as resume does', async () => {
    const out = await run((command) => closedMeanwhile(`${command} 2>&1`), 'no figure');
    assert.equal(code(), 4);
    await shell(closedBefore(`vgpubench resume ${out} --retry 2>&1`), lab.folder);
    assert.equal(code(), 4);
  });

  it('goes on without the terminal that it was drawing on', async () => {
    // In a session of its own the end of the terminal is no signal, only an error of each write.
    const out = await run((command) => {
      writeFileSync(
        join(lab.folder, 'inner.sh'),
        `vgpubench() { ${process.execPath} ${PROGRAM.join(' ')} "$@"; }\nstty cols 100 rows 30\n${command}\necho $? >code.partial\nmv code.partial code\n`,
      );
      return `rm -f code; export TERM=xterm; script -qec 'setsid -w sh inner.sh' /dev/null </dev/null | head -c 200 >/dev/null`;
    });
    await until('its end', () => readFileIfAny(join(lab.folder, 'code')) !== undefined, 60_000);
    assert.equal(code(), 0);
    assertWhole(out);
  });
});

function readFileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
