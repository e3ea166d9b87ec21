/**
 * A connection to a program's socket. The socket exists a moment before the program listens, and refuses
 * until then.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5000;
const LOOK_MS = 10;

/** @throws Error if it can't be reached, or still refuses after `patienceMs`. */
export async function connectTo(socket: string, patienceMs = PATIENCE_MS): Promise<Socket> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const connection = createConnection(socket);
    try {
      await once(connection, 'connect');
      return connection.on('error', () => undefined);
    } catch (error) {
      const refuses = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!refuses || performance.now() > deadline) throw error;
      await sleep(LOOK_MS);
    }
  }
}
