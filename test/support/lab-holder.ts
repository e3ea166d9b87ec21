/**
 * Reserves the lab in `CACHE` with one machine running, under a guard, and says so; a line on stdin releases
 * the guard.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { startProcess } from '../../src/lab/boot/processes.ts';
import { guardLab } from '../../src/lab/life/guard.ts';
import { writeState } from '../../src/lab/life/state.ts';
import { useLab } from '../../src/lab/life/use.ts';
import { labPaths } from '../../src/lab/paths.ts';

const paths = labPaths(process.argv[2] ?? '');
useLab(paths);
const guard = guardLab(paths);
const machine = await startProcess('sleep', ['60'], join(paths.run, 'log'), (id) =>
  writeState(paths, {
    version: 1,
    accelerator: 'tcg',
    ready: true,
    processes: [{ ...id, name: 'bare-qemu' }],
    files: [],
    hosts: [],
    guests: [],
    guestCpus: 1,
  }),
);
console.log(JSON.stringify(machine));
await once(process.stdin, 'data');
await guard.release();
process.exit(0);
