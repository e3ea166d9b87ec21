/**
 * A box's second serial port. Its machine sends `hello` when it wants to be woken, and `awake` once it serves
 * SSH, or has been woken: waking sends it the time of day and fresh randomness (lab/waker/).
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { type Clock, clockOf } from './clocks.ts';
import { connectTo } from './connection.ts';

export interface WakeLine {
  /** Resolves once the machine reports that it is awake; rejects if the line is closed before. */
  awake: () => Promise<Clock>;
  /** Wakes it, as after a sleep. */
  wake: () => Promise<Clock>;
  close: () => void;
}

const SEED_BYTES = 64;

export async function openWakeLine(socket: string): Promise<WakeLine> {
  const port = await connectTo(socket);
  const lines = createInterface({ input: port })[Symbol.asyncIterator]();
  const send = (): void => {
    port.write(`wake ${BigInt(Date.now()) * 1_000_000n} ${randomBytes(SEED_BYTES).toString('hex')}\n`);
  };
  async function awake(): Promise<Clock> {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error('the machine has ended');
      const [word, ...more] = line.value.trim().split(' ');
      if (word === 'hello') send();
      if (word === 'awake') return clockOf(more.join(' '));
    }
  }
  return {
    awake,
    wake: () => {
      send();
      return awake();
    },
    close: () => port.destroy(),
  };
}
