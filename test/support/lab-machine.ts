/** A machine of a running lab, for tests. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { execa } from 'execa';
import { sshConfigFile } from '../../src/lab/boot/ssh-config.ts';
import type { LabPaths } from '../../src/lab/paths.ts';

/** A machine of the lab, over a connection that stays open. */
export interface Machine {
  /** @returns its output, including errors, and its exit status. */
  ask: (command: string) => Promise<{ said: string; status: number }>;
  /** Like `ask`, for a command that succeeds. */
  tell: (command: string) => Promise<string>;
  leave: () => Promise<void>;
}

export function machine(name: string, lab: LabPaths, folder: string): Machine {
  const path = join(folder, `${name}.ssh`);
  const options = ['-F', sshConfigFile(lab), '-o', 'ControlMaster=auto', '-o', `ControlPath=${path}`];
  const ssh = (...args: string[]) =>
    execa('ssh', [...options, '-o', 'ControlPersist=60', ...args], {
      reject: false,
      stdin: 'ignore',
      // Of a master that stays, stderr would never end.
      stderr: 'ignore',
      timeout: 60_000,
    });
  const ask = async (command: string): Promise<{ said: string; status: number }> => {
    const { stdout, exitCode } = await ssh(`lab-${name}`, `{ ${command}\n} 2>&1`);
    return { said: stdout, status: exitCode ?? -1 };
  };
  return {
    ask,
    tell: async (command) => {
      const { said, status } = await ask(command);
      assert.equal(status, 0, `${name}: ${command}: ${said}`);
      return said;
    },
    leave: async () => {
      await ssh('-O', 'exit', `lab-${name}`);
    },
  };
}
