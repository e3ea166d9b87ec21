import type { Place, Site } from '../../src/mode/mode.ts';
import type { CommandResult } from '../../src/target/lifecycle.ts';

/** A place that answers scripts as configured, and remembers them. */
export function place(
  name: string,
  answer: (script: string) => Partial<CommandResult> = () => ({}),
): Place & { ran: string[] } {
  const ran: string[] = [];
  return {
    name,
    ran,
    run: (script) => {
      ran.push(script);
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answer(script) });
    },
  };
}

/** A guest that always gives the same answer. */
export const says = (stdout: string, exitCode: number | null = 0) =>
  place('guest', () => ({ stdout, exitCode }));

/** A guest without a host. */
export const alone = (guest: Place): Site => ({ guest, host: undefined, domain: 'guest' });

/** The lists of a custom mode without any command. */
export const NO_COMMANDS = {
  ...{ wake: [], sleep: [], prepare: [], attest: [], during: [], count: [], restore: [] },
  environment: {},
  polls: false,
};
