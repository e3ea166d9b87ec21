import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../..');

/** What `npm run loopback` runs, on two sshd of its own, but into the folder `out`. */
export function loopback(out: string) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { loopback: string };
  };
  return execa('sh', ['-c', `${scripts.loopback} --out ${out}`], { cwd: root, reject: false });
}
