/** That clpeak is asked which version it is, and then for what that version takes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CLPEAK_TESTS, type ClpeakSpec } from '../../src/workload/clpeak/kind.ts';
import { clpeakWorkload } from '../../src/workload/clpeak/program.ts';
import { fixture } from '../support/fixture.ts';
import { output, reasonOf } from '../support/output.ts';

const REAL = '/usr/bin/clpeak';

const clpeak = (over: Partial<ClpeakSpec> = {}) =>
  clpeakWorkload({ use: 'clpeak', tests: [...CLPEAK_TESTS], format: 'text', path: 'clpeak', ...over });

const fixtures = join(import.meta.dirname, '../fixtures/clpeak');

/**
 * A stand-in that takes what a version's real help lists, ends at any other option as the real ones do, and prints what a
 * real run of it printed. Its arguments are left in the file ARGUMENTS.
 */
const standIn = (version: string, report: string) => `#!/bin/sh
[ "$1" = --help ] && exec cat '${fixtures}/${version}-help.txt'
echo "$LC_ALL $*" >"$0.arguments"
while [ $# -gt 0 ]; do
  line=$(grep -E -e "^  (-., )?$1[ ,]" '${fixtures}/${version}-help.txt') || { echo "clpeak: unknown option '$1'" >&2; exit 255; }
  case $1,$line in
    --json-file,*|--xml-file,*) cat '${fixtures}/${report}' >"$2"; shift;;
    *' num '*|*' list '*) shift;;
  esac
  shift
done
cat '${fixtures}/${version}-pocl.txt'
`;

describe('clpeak’s command line', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'vgpubench clpeak '));
    writeFileSync(at('one'), standIn('1.1.2', '1.1.2-pocl.xml'), { mode: 0o755 });
    writeFileSync(at('two'), standIn('2.1.2', '2.1.2-pocl.json'), { mode: 0o755 });
    writeFileSync(at('endless'), '#!/bin/sh\n[ "$1" = --help ] && exec yes help\nexit 3\n', { mode: 0o755 });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function ran(over: Partial<ClpeakSpec>) {
    const workload = clpeak(over);
    const shell = spawnSync('sh', ['-c', workload.command()], { encoding: 'utf8' });
    return { workload, output: output(shell.stdout, { exitCode: shell.status ?? -1, stderr: shell.stderr }) };
  }
  const argumentsOf = (name: string) => readFileSync(at(`${name}.arguments`), 'utf8').trim();

  it('gives the figures of whichever version there is', () => {
    for (const [name, format, printed] of [
      ['one', 'text', '1.1.2-pocl.txt'],
      ['one', 'xml', '1.1.2-pocl.xml'],
      ['two', 'text', '2.1.2-pocl.txt'],
      ['two', 'json', '2.1.2-pocl.json'],
    ] as const) {
      const { workload, output: told } = ran({ path: at(name), format });
      assert.equal(told.exitCode, 0, told.stderr);
      assert.deepEqual(
        workload.parse(told),
        clpeak({ format }).parse(output(fixture(`clpeak/${printed}`))),
        `${name} ${format}`,
      );
    }
  });

  it('has its text from the shell’s own process, so that a wrapper holds it', () => {
    writeFileSync(at('pid'), '#!/bin/sh\n[ "$1" = --help ] || echo "$$"\n', { mode: 0o755 });
    const { pid, stdout } = spawnSync('sh', ['-c', clpeak({ path: at('pid') }).command()], {
      encoding: 'utf8',
    });
    assert.equal(stdout.trim(), String(pid));
  });

  it('names the tests and the device as its version does, and no locale’s decimal mark', () => {
    const chosen = { platform: 1, device: 0, tests: ['global-bandwidth', 'kernel-latency'] } as const;
    const over = { ...chosen, tests: [...chosen.tests] };
    ran({ path: at('one'), ...over });
    assert.equal(argumentsOf('one'), 'C -p 1 -d 0 --global-bandwidth --kernel-latency');
    ran({ path: at('two'), ...over });
    assert.equal(
      argumentsOf('two'),
      'C --opencl --cl-platform 1 --cl-device 0 --global-memory-bandwidth --kernel-launch-latency',
    );
  });

  it('says which formats its version has', () => {
    for (const [name, format, words] of [
      ['one', 'json', 'this is clpeak 1.x, which has no JSON: use format: xml or text'],
      ['two', 'xml', 'this is clpeak 2.x, whose XML has another format: use format: json or text'],
    ] as const) {
      const { workload, output: told } = ran({ path: at(name), format });
      assert.equal(reasonOf(workload, told), `exit status 2: ${words}`);
    }
  });

  it('keeps the end of a program that is not there, or is none of clpeak’s', () => {
    for (const format of ['text', 'xml', 'json'] as const) {
      const missing = ran({ path: at('missing'), format });
      assert.match(reasonOf(missing.workload, missing.output), /^exit status 127: no such program/, format);
      const other = ran({ path: at('endless'), format });
      assert.match(reasonOf(other.workload, other.output), /^exit status 3/, format);
    }
  });

  it('runs Debian’s clpeak for real', { skip: existsSync(REAL) ? false : `there is no ${REAL} here` }, () => {
    for (const format of ['text', 'xml'] as const) {
      const { workload, output: told } = ran({
        path: REAL,
        format,
        tests: ['kernel-latency'],
        platform: 0,
        device: 0,
      });
      const [reading, ...more] = workload.parse(told);
      assert.deepEqual(
        [...(reading?.metrics ?? []), ...more].map((one) => ({ ...one, value: 0 })),
        [{ name: 'kernel-latency', unit: 'us', better: 'lower', value: 0 }],
      );
      assert.ok(told.stdout.includes(String(reading?.metrics[0]?.value)), told.stdout);
    }
    const json = ran({ path: REAL, format: 'json' });
    assert.match(reasonOf(json.workload, json.output), /^exit status 2: this is clpeak 1\.x/);
  });
});
