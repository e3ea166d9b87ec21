/** A socket that was made and is not listened at yet. */
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { connectTo } from '../../../src/lab/boot/connection.ts';
import { openMonitor } from '../../../src/lab/boot/qmp.ts';
import { openWakeLine } from '../../../src/lab/boot/wake-line.ts';
import { testFolder } from '../../support/directory.ts';

const folder = testFolder();

/** What a program leaves that ends at once: a socket where nobody listens. */
async function madeOnly(name: string): Promise<string> {
  const socket = join(folder, name);
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  await execa(process.execPath, ['-e', script, socket], { reject: false });
  return socket;
}

describe('a socket at which nobody listens yet', () => {
  it('is connected to once somebody does, by what talks to a box', async () => {
    for (const open of [openWakeLine, openMonitor]) {
      const socket = await madeOnly(open.name);
      const opened = open(socket);
      const server = createServer((port) => port.on('error', () => undefined).write('{"return":{}}\n'));
      await new Promise<void>((resolve) => server.listen(`${socket}.listens`, resolve));
      renameSync(`${socket}.listens`, socket);
      (await opened).close();
      server.close();
    }
  });

  it('is given up where nobody does, and at once where there is none', async () => {
    await assert.rejects(connectTo(await madeOnly('nobody'), 30), { code: 'ECONNREFUSED' });
    await assert.rejects(connectTo(join(folder, 'nowhere')), { code: 'ENOENT' });
  });
});
