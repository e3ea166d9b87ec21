/** QEMU's monitor: one command at a time over its socket, each answered before the next is sent. */
import { createInterface } from 'node:readline';
import { connectTo } from './connection.ts';

export interface Monitor {
  /** @throws Error with QEMU's words if it refuses, or has ended. */
  execute: (command: string, args?: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
}

interface Answer {
  return?: unknown;
  error?: { desc: string };
}

export async function openMonitor(socket: string): Promise<Monitor> {
  const port = await connectTo(socket);
  const lines = createInterface({ input: port })[Symbol.asyncIterator]();
  async function answer(): Promise<unknown> {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error('QEMU has ended');
      const { return: value, error } = JSON.parse(line.value) as Answer;
      if (error !== undefined) throw new Error(error.desc);
      // A message with neither is its greeting, or an event.
      if (value !== undefined) return value;
    }
  }
  const execute: Monitor['execute'] = (command, args = {}) => {
    port.write(JSON.stringify({ execute: command, arguments: args }));
    return answer();
  };
  await execute('qmp_capabilities');
  return { execute, close: () => port.destroy() };
}
