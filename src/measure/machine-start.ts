/** How a machine is started as one of its boots, and made sure of. */
import { type Answer, type Computer, Unbooted, systemOf } from './computer.ts';
import { climb } from './ladder.ts';
import type { MachinesContext } from './machines-context.ts';

interface Starting extends Pick<MachinesContext, 'emit' | 'interrupt'> {
  /** For which it is started; empty where for none. */
  mode: string;
  /** The boot id that it had when it answered last, as far as it is known. */
  old?: string | undefined;
}

/**
 * Has it start as that boot. One that does not come up is reset, once, if it can be.
 * @param boot null for what its boot loader starts by itself
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

/** Restarts it from here, and waits until what answers is another boot than before. @throws Unbooted */
export async function reset(computer: Computer, { mode, emit, interrupt, old }: Starting): Promise<Answer> {
  return climb({ rung: 'reset-machine', mode, trial: null }, emit, async () => {
    await computer.reset();
    const up = await computer.awaitAnswer(interrupt, { old });
    if (up !== undefined) return up;
    throw new Unbooted(
      `${computer.name} did not answer anew within ${computer.spec.ready / 1000} s of its reset`,
    );
  });
}

/**
 * That what came up is the boot that was asked for: by its check or, where it has none, by being another system than those
 * that came up as its other boots.
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
    `${computer.name} was to start as ${boot}, and what came up is ${told ?? same?.[0] ?? ''}: what selects ${boot} had no effect (of GRUB: is GRUB_DEFAULT=saved in /etc/default/grub?)`,
  );
}
