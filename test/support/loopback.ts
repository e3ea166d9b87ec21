import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../..');
const EXPERIMENT = 'bench/experiments/loopback.yaml';

/** What `npm run loopback` runs, on two sshd of its own, but into the folder `out`. */
export function loopback(out: string, experiment = EXPERIMENT) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { loopback: string };
  };
  const command = scripts.loopback.replace(EXPERIMENT, experiment);
  return execa('sh', ['-c', `${command} --out ${out}`], { cwd: root, reject: false });
}

/** The same with clpeak's one test that takes no time, and few blocks, as a file of that folder. */
export function shortLoopback(folder: string): string {
  const file = join(folder, 'short.yaml');
  const text = readFileSync(join(root, EXPERIMENT), 'utf8')
    .replaceAll('../../.cache', join(root, '.cache'))
    .replace('[global-bandwidth, kernel-latency]', '[kernel-latency]')
    .replace('blocks: 8', 'blocks: 2');
  writeFileSync(file, text);
  return file;
}
