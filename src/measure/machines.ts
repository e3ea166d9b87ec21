/** Which machine is up as what: targets of its other boots are away meanwhile, whatever answers at their addresses. */
import { bootsForMode, bootsUsed, machineBootOf } from '../experiment/boots.ts';
import { guestsOf } from '../mode/kind.ts';
import { messageOf } from '../problem.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost, awayFrom } from '../target/link.ts';
import { type Answer, Computer, Unbooted, systemOf } from './computer.ts';
import { climb } from './ladder.ts';
import type { MachinesContext } from './machines-context.ts';
import { leaveMachine } from './leave.ts';
import { undoAll } from './undo.ts';

/** As what a machine is up, as far as it is known. */
interface Up {
  boot: string | null;
  id: string;
}

export class Machines {
  readonly #context: MachinesContext;
  readonly #computers = new Map<string, Computer>();
  readonly #up = new Map<string, Up>();
  /** Why one could not be had for a block: its other modes there don't wait for it once more. */
  readonly #failed = new Map<string, { boot: string; block: number; why: string }>();

  constructor(context: MachinesContext) {
    this.#context = context;
    const { experiment, targets } = context;
    for (const [name, spec] of Object.entries(experiment.machines ?? {})) {
      const hosts = [...targets.values()].flatMap((target) => {
        const { machine, boot = null } = experiment.targets[target.name] ?? {};
        return machine === name ? [{ target, boot }] : [];
      });
      if (hosts.length > 0) this.#computers.set(name, new Computer(name, spec, hosts));
    }
  }

  /** Finds out as what each machine is up; targets of its other boots are away from then on. */
  async find(): Promise<void> {
    await Promise.all([...this.#computers.values()].map((computer) => this.#find(computer)));
  }

  async #find(computer: Computer): Promise<void> {
    if (computer.spec.boots === undefined) return;
    const answer = await computer.answer(this.#context.interrupt);
    if (answer === undefined) await this.#knowAs(computer, undefined);
    else await this.#knowAs(computer, { id: answer.id, boot: await this.#bootOf(computer, answer) });
  }

  /** As what it is up: as the run has left it, or by its own word. */
  async #bootOf(computer: Computer, answer: Answer): Promise<string | null> {
    const { now } = this.#context.record.machines.get(computer.name) ?? {};
    return now?.id === answer.id ? now.boot : ((await computer.bootBy(answer)) ?? null);
  }

  /** Its targets are back, or away, as it is up. */
  async #knowAs({ name }: Computer, up: Up | undefined): Promise<void> {
    const { targets, experiment } = this.#context;
    if (up === undefined) this.#up.delete(name);
    else this.#up.set(name, up);
    const now = up === undefined ? 'does not answer' : `is up as ${up.boot ?? 'another'}`;
    await Promise.all(
      [...targets.values()].map(async (target) => {
        const on = machineBootOf(target.name, experiment);
        if (on?.machine !== name || on.boot === null) return;
        if (on.boot === up?.boot) target.back();
        else
          await target.away(awayFrom(target.name, target.address, `${name} ${now}, and not as ${on.boot}`));
      }),
    );
  }

  /** Whether a target is of a boot that its machine is not up as. */
  isAway(target: string): boolean {
    const on = machineBootOf(target, this.#context.experiment);
    return on?.boot != null && this.#up.get(on.machine)?.boot !== on.boot;
  }

  /** Whether a machine is restarted before a visit to that mode. */
  restartsFor(mode: string, block: number): boolean {
    return [...bootsForMode(mode, this.#context.experiment)].some(
      ([machine, boot]) => !this.#serves(machine, boot, block),
    );
  }

  /**
   * Has each machine of a mode up as the mode wants it. Where a machine is booted as more than one, each block starts it
   * anew: what a boot happens to be like would else be shared by blocks that are taken to be independent.
   * @param before What is done before a machine goes down.
   * @returns why it can't be had, in words; undefined where it can
   */
  async enter(mode: string, block: number, before: () => Promise<void>): Promise<string | undefined> {
    const { experiment } = this.#context;
    for (const computer of this.#machinesOf(mode)) {
      const boot = bootsForMode(mode, experiment).get(computer.name);
      const given = computer.silent && this.#up.has(computer.name);
      const failed = this.#failed.get(computer.name);
      if (failed?.boot === boot && failed?.block === block) return failed.why;
      try {
        if (boot === undefined) {
          if (computer.silent && computer.spec.reset !== undefined) await this.#reset(computer, mode);
        } else if (
          !this.#serves(computer.name, boot, block) ||
          (given && computer.spec.reset !== undefined)
        ) {
          await before();
          await this.#boot(computer, boot, { mode, block });
        }
      } catch (error) {
        if (!(error instanceof Unbooted)) throw error;
        if (boot !== undefined) this.#failed.set(computer.name, { boot, block, why: error.message });
        return error.message;
      }
    }
    return undefined;
  }

  #machinesOf(mode: string): Computer[] {
    const { experiment } = this.#context;
    const spec = experiment.modes[mode];
    const on = (spec === undefined ? [] : guestsOf(spec)).flatMap(
      (target) => machineBootOf(target, experiment)?.machine ?? [],
    );
    return [...new Set(on)].flatMap((name) => this.#computers.get(name) ?? []);
  }

  #serves(machine: string, boot: string, block: number): boolean {
    const up = this.#up.get(machine);
    if (up?.boot !== boot) return false;
    const { now } = this.#context.record.machines.get(machine) ?? {};
    return (
      bootsUsed(machine, this.#context.experiment).size < 2 || (now?.id === up.id && now.block === block)
    );
  }

  /** @throws Unbooted */
  async #boot(
    computer: Computer,
    boot: string,
    { mode, block }: { mode: string; block: number },
  ): Promise<void> {
    const { emit, interrupt } = this.#context;
    const machine = computer.name;
    await leaveMachine(machine, this.#context);
    const before = this.#up.get(machine);
    emit({
      ...{ type: 'boot-planned' as const, machine, boot, block },
      found: { boot: before?.boot ?? null, id: before?.id ?? '' },
    });
    const began = performance.now();
    const tell = (ok: boolean, id: string, system: string, output: string) => {
      const tookMs = performance.now() - began;
      emit({ type: 'booted', machine, boot, block, id, system, ok, tookMs, output });
    };
    try {
      const up = await this.#start(computer, boot, mode);
      const system = await this.#systemAs(computer, boot, up);
      await this.#knowAs(computer, { boot, id: up.id });
      tell(true, up.id, system, '');
    } catch (error) {
      const words = error instanceof LinkLost ? error.words : messageOf(error);
      await this.#knowAs(computer, undefined);
      if (!interrupt.aborted) {
        tell(false, '', '', words);
        emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text: words });
      }
      throw new Unbooted(words);
    }
  }

  /** A machine that does not come up is reset, once, if it can be. @throws Unbooted, LinkLost */
  async #start(computer: Computer, boot: string, mode: string): Promise<Answer> {
    const { interrupt, record } = this.#context;
    // One that was going to restart when its session was cut off may still be on its way.
    const starting = record.machines.get(computer.name)?.now === null && !this.#up.has(computer.name);
    const found = await (starting ? computer.awaitAnswer(interrupt) : computer.answer(interrupt));
    if (found !== undefined)
      try {
        return await computer.restart(found, boot, interrupt);
      } catch (error) {
        const again = error instanceof Unbooted && computer.spec.reset !== undefined && !interrupt.aborted;
        if (!again) throw error;
      }
    const up = await this.#reset(computer, mode);
    if ((await computer.bootBy(up)) === boot) return up;
    return computer.restart(up, boot, interrupt);
  }

  /** @throws Unbooted */
  async #reset(computer: Computer, mode: string): Promise<Answer> {
    const { emit, interrupt } = this.#context;
    return climb({ rung: 'reset-machine', mode, trial: null }, emit, async () => {
      await computer.reset();
      const up = await computer.awaitAnswer(interrupt);
      if (up !== undefined) return up;
      throw new Unbooted(
        `${computer.name} did not answer within ${computer.spec.ready / 1000} s of its reset`,
      );
    });
  }

  /** That what came up is the boot that was asked for, as far as it can be told. @throws Unbooted, LinkLost */
  async #systemAs(computer: Computer, boot: string, up: Answer): Promise<string> {
    const told = await computer.bootBy(up);
    const system = await systemOf(up);
    const same = [...(this.#context.record.machines.get(computer.name)?.systems ?? [])].find(
      ([other, theirs]) => other !== boot && theirs === system,
    );
    if ((told ?? boot) === boot && same === undefined) return system;
    const found = told ?? same?.[0] ?? '';
    throw new Unbooted(
      `${computer.name} was to start as ${boot}, and what came up is ${found}: what selects ${boot} had no effect (of GRUB: is GRUB_DEFAULT=saved in /etc/default/grub?)`,
    );
  }

  /** Undoes what is pending, also on targets whose machine has to be restarted for it. */
  async undoEverywhere(pending: () => readonly PendingUndo[]): Promise<void> {
    const { targets, emit, experiment } = this.#context;
    await undoAll(
      pending().filter(({ target }) => !this.isAway(target)),
      targets,
      emit,
    );
    for (const { target } of pending().filter((undo) => this.isAway(undo.target))) {
      const on = machineBootOf(target, experiment);
      const computer = this.#computers.get(on?.machine ?? '');
      if (computer === undefined || on?.boot == null || !this.isAway(target)) continue;
      try {
        await this.#boot(computer, on.boot, { mode: '', block: 0 });
      } catch (error) {
        if (!(error instanceof Unbooted)) throw error;
        continue;
      }
      await undoAll(
        pending().filter((undo) => !this.isAway(undo.target)),
        targets,
        emit,
      );
    }
  }

  /**
   * Restarts each machine that the run has restarted as it was found: as its boot of then or, where that is not known, as
   * its boot loader has it. In a session that was interrupted it is not waited for.
   */
  async putBack(): Promise<void> {
    await Promise.all([...this.#computers.values()].map((computer) => this.#putBack(computer)));
  }

  async #putBack(computer: Computer): Promise<void> {
    const { record, emit, interrupt } = this.#context;
    const machine = computer.name;
    const { found } = record.machines.get(machine) ?? {};
    if (found == null) return;
    const began = performance.now();
    const tell = (ok: boolean, output: string) => {
      emit({ type: 'machine-returned', machine, ok, tookMs: performance.now() - began, output });
      if (ok) return;
      const text = `could not be started as it was found${found.boot === null ? '' : ` (${found.boot})`}: ${output}`;
      emit({ type: 'incident', kind: 'restore', target: null, trial: null, text: `${machine} ${text}` });
    };
    const up = this.#up.get(machine);
    if (up !== undefined && (up.id === found.id || (found.boot !== null && up.boot === found.boot))) {
      tell(true, 'it is as it was');
      return;
    }
    try {
      // It may be on its way up.
      const now = await computer.awaitAnswer();
      if (now === undefined) throw new Unbooted('it does not answer');
      if (now.id === found.id) {
        tell(true, 'it was not restarted');
        return;
      }
      if (interrupt.aborted) {
        await computer.leave(now, found.boot);
        if (!(await computer.awaitGone(now))) throw new Unbooted('it did not go down');
        await this.#knowAs(computer, undefined);
        tell(true, 'on its way');
        return;
      }
      const { id } = await computer.restart(now, found.boot);
      await this.#knowAs(computer, { boot: found.boot, id });
      tell(true, '');
    } catch (error) {
      tell(false, error instanceof LinkLost ? error.words : messageOf(error));
    }
  }
}
