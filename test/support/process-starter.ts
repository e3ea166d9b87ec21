/** Starts `touch FILE` as the lab starts its processes, prints its id, and never gets to record it. */
import { startProcess } from '../../src/lab/boot/processes.ts';

const [file = '', log = ''] = process.argv.slice(2);
await startProcess('touch', [file], log, (id) => {
  console.log(JSON.stringify(id));
  return new Promise((resolve) => setTimeout(resolve, 60_000));
});
