/** The package as whoever installs it has it: packed, put into an empty folder, and called by npx. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { packageVersion } from '../src/run/version.ts';
import { testFolder } from './support/directory.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the package, installed into an empty folder', () => {
  const scratch = testFolder();
  const folder = join(scratch, 'empty');
  const npx = (...args: string[]) => {
    const words = ['--no-install', 'vgpubench', ...args];
    return execa('npx', words, { cwd: folder, reject: false });
  };

  before(async () => {
    assert.ok(existsSync(join(ROOT, 'dist/cli/main.js')), 'not built: npm run build');
    mkdirSync(folder);
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch], { cwd: ROOT });
    const [tarball = ''] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
    const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await execa('npm', ['install', ...quietly, join(scratch, tarball)], { cwd: folder });
  });

  it('tells its version and its commands', async () => {
    const version = await npx('--version');
    assert.deepEqual([version.exitCode, version.stdout.trim()], [0, packageVersion()], version.stderr);
    const help = await npx('--help');
    assert.equal(help.exitCode, 0);
    assert.match(help.stdout, /\$ npx vgpubench quickstart/);
  });

  it('lists what there is, and writes an experiment that it can plan, as which it says how to go on', async () => {
    assert.match((await npx('list', 'modes')).stdout, /^native {2,}\S/m);
    const { exitCode, stdout } = await npx('init');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^ {2}npx vgpubench doctor experiment\.yaml$/m);
    assert.equal((await npx('plan', 'experiment.yaml')).exitCode, 0);
  });

  it('has the experiment that the lab’s help names', async () => {
    const { exitCode, stdout } = await npx('lab', '--help');
    assert.equal(exitCode, 0);
    const [, experiment = ''] = /\$ npx vgpubench lab run (\S+)/.exec(stdout) ?? [];
    assert.ok(existsSync(join(folder, experiment)), experiment);
    assert.equal((await npx('plan', experiment)).exitCode, 0);
  });
});
