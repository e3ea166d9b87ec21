/** How a machine is started in one of its boots, and how the result is verified. */
import { type Answer, type Computer, Unbooted, systemOf } from './computer.ts';
import { climb } from './ladder.ts';
import type { MachinesContext } from './machines-context.ts';

interface Starting extends Pick<MachinesContext, 'emit' | 'interrupt'> {
  /** The mode for which it is started; empty if none. */
  mode: string;
  /** Its boot id when it last answered, if known. */
  old?: string | undefined;
}

/**
 * Starts it in that boot. A machine that does not come up is reset, once, if possible.
 * @param boot null for its boot loader's default
 * @throws Unbooted, LinkLost
 */
export async function start(computer: Computer, boot: string | null, starting: Starting): Promise<Answer> {
  const { interrupt } = starting;
  const found = await computer.answer(interrupt);
  if (found !== undefined)
    try {
      return await computer.restart(found, boot, interrupt);
    } catch (error) {
      const again = error instanceof Unbooted && computer.spec.reset !== undefined && !interrupt.aborted;
      if (!again) throw error;
    }
  const up = await reset(computer, { ...starting, old: found?.id ?? starting.old });
  if (boot === null || (await computer.bootBy(up)) === boot) return up;
  return computer.restart(up, boot, interrupt);
}

/** Restarts it from here, and waits until a new boot answers. @throws Unbooted */
export async function reset(computer: Computer, { mode, emit, interrupt, old }: Starting): Promise<Answer> {
  return climb({ rung: 'reset-machine', mode, trial: null }, emit, async () => {
    await computer.reset();
    const up = await computer.awaitAnswer(interrupt, { old });
    if (up !== undefined) return up;
    throw new Unbooted(
      `${computer.name} did not answer within ${computer.spec.ready / 1000} s after its reset`,
    );
  });
}

/**
 * Verifies that the requested boot came up: by its check or, without one, by differing from the systems that
 * came up as its other boots.
 * @throws Unbooted, LinkLost
 */
export async function systemAs(
  computer: Computer,
  boot: string,
  up: Answer,
  systems: ReadonlyMap<string, string>,
): Promise<string> {
  const told = await computer.bootBy(up);
  const system = await systemOf(up);
  const same = [...systems].find(([other, theirs]) => other !== boot && theirs === system);
  if (told === boot || (told === undefined && same === undefined)) return system;
  throw new Unbooted(
    `${computer.name} was to start as ${boot}, but came up as ${told ?? same?.[0] ?? ''}: the command that selects ${boot} had no effect (with GRUB, is GRUB_DEFAULT=saved in /etc/default/grub?)`,
  );
}
