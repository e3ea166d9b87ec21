/** Which boot each machine is in: targets of its other boots are away, whatever answers at their addresses. */
import { bootsForMode, bootsUsed, machineBootOf } from '../experiment/boots.ts';
import { guestsOf } from '../mode/kind.ts';
import { messageOf } from '../problem.ts';
import type { MachineRecord, PendingUndo } from '../record/run-record.ts';
import { LinkLost, awayFrom } from '../target/link.ts';
import { type Answer, Computer, GOING_DOWN_MS, HURRY_MS, Unbooted } from './computer.ts';
import type { MachinesContext } from './machines-context.ts';
import { leaveMachine } from './leave.ts';
import { reset, start, systemAs } from './machine-start.ts';
import { undoAll } from './undo.ts';

/** The boot a machine is in, as far as known. */
interface Up {
  boot: string | null;
  id: string;
}

export class Machines {
  readonly #context: MachinesContext;
  readonly #computers = new Map<string, Computer>();
  readonly #up = new Map<string, Up>();
  /** Why one could not be booted for a block: its other modes in that block don't wait for it again. */
  readonly #failed = new Map<string, { boot: string | undefined; block: number; why: string }>();

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

  /** Determines the boot that each machine is in; targets of its other boots are away from then on. */
  async find(): Promise<void> {
    await Promise.all([...this.#computers.values()].map((computer) => this.#find(computer)));
  }

  async #find(computer: Computer): Promise<void> {
    if (computer.spec.boots === undefined) return;
    const answer = await computer.answer(this.#context.interrupt);
    await this.#knowAs(computer, answer && { id: answer.id, boot: await this.#bootOf(computer, answer) });
  }

  /** Its boot: as the run left it, or as it reports. */
  async #bootOf(computer: Computer, answer: Answer): Promise<string | null> {
    const { now } = this.#context.record.machines.get(computer.name) ?? {};
    return now?.id === answer.id ? now.boot : ((await computer.bootBy(answer)) ?? null);
  }

  /** Marks its targets as back or away, according to its boot. */
  async #knowAs({ name }: Computer, up?: Up): Promise<void> {
    const { targets, experiment } = this.#context;
    if (up === undefined) this.#up.delete(name);
    else this.#up.set(name, up);
    const now =
      up === undefined
        ? 'does not answer'
        : up.boot === null
          ? 'is up in a boot that none of its checks recognises'
          : `is up as ${up.boot}`;
    await Promise.all(
      [...targets.values()].map(async (target) => {
        const on = machineBootOf(target.name, experiment);
        if (on?.machine !== name || on.boot === null) return;
        const away = (found: string) => awayFrom(target.name, target.address, found);
        if (on.boot !== up?.boot) return target.away(away(`${name} ${now}, not as ${on.boot}`));
        // A guest has its own boots.
        const isHost = experiment.targets[target.name]?.machine === name;
        const why = away(`${name} was restarted by somebody else, and may be in another boot`);
        target.back(isHost ? { id: up.id, why } : undefined);
      }),
    );
  }

  /** Whether a target belongs to a boot that its machine is not in. */
  isAway(target: string): boolean {
    const on = machineBootOf(target, this.#context.experiment);
    return on?.boot != null && !this.#isUpAs(on.machine, on.boot);
  }

  /** And was not restarted by anybody else, as far as its targets have noticed. */
  #isUpAs(machine: string, boot: string): boolean {
    const { targets, experiment } = this.#context;
    const hosts = [...targets.values()].filter(({ name }) => {
      const own = experiment.targets[name];
      return own?.machine === machine && own.boot === boot;
    });
    return this.#up.get(machine)?.boot === boot && hosts.every(({ isAway }) => !isAway);
  }

  /** Whether a machine is restarted before a visit to that mode. */
  restartsFor(mode: string, block: number): boolean {
    return [...bootsForMode(mode, this.#context.experiment)].some(
      ([machine, boot]) => !this.#serves(machine, boot, block),
    );
  }

  /**
   * Brings each machine of a mode into the boot that the mode needs. A machine that is booted in several ways
   * is restarted in each block: otherwise blocks that are taken to be independent would share the
   * peculiarities of a boot.
   * @param before Called before a machine goes down.
   * @returns why this failed, in words; undefined if it succeeded
   */
  async enter(mode: string, block: number, before: () => Promise<void>): Promise<string | undefined> {
    const { experiment } = this.#context;
    for (const computer of this.#machinesOf(mode)) {
      const boot = bootsForMode(mode, experiment).get(computer.name);
      const canBeReset = computer.silent && computer.spec.reset !== undefined;
      const failed = this.#failed.get(computer.name);
      if (failed !== undefined && failed.boot === boot && failed.block === block) return failed.why;
      try {
        if (boot === undefined) {
          if (canBeReset) await reset(computer, this.#starting(computer, mode));
        } else if (!this.#serves(computer.name, boot, block) || (canBeReset && this.#up.has(computer.name))) {
          await before();
          await this.#boot(computer, boot, { mode, block });
        }
      } catch (error) {
        if (!(error instanceof Unbooted)) throw error;
        this.#failed.set(computer.name, { boot, block, why: error.message });
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
    if (up === undefined || !this.#isUpAs(machine, boot)) return false;
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
    // It may still be on its way if its session ended while it was starting: the boot it is found in counts.
    if (!this.#up.has(machine)) {
      const answer = await computer.awaitAnswer(interrupt);
      if (answer !== undefined)
        await this.#knowAs(computer, { id: answer.id, boot: await this.#bootOf(computer, answer) });
    }
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
      const up = await start(computer, boot, this.#starting(computer, mode));
      const system = await systemAs(computer, boot, up, this.#systems(machine));
      await this.#knowAs(computer, { boot, id: up.id });
      tell(true, up.id, system, '');
    } catch (error) {
      const words = error instanceof LinkLost ? error.words : messageOf(error);
      await this.#knowAs(computer);
      if (!interrupt.aborted) {
        tell(false, '', '', words);
        emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text: words });
      }
      throw new Unbooted(words);
    }
  }

  #starting({ name }: Computer, mode: string) {
    const { emit, interrupt } = this.#context;
    return { emit, interrupt, mode, old: this.#up.get(name)?.id };
  }

  #systems(machine: string): ReadonlyMap<string, string> {
    return this.#context.record.machines.get(machine)?.systems ?? new Map();
  }

  /** Undoes what is pending, even if a machine has to be restarted for it: once for each of its boots. */
  async undoEverywhere(pending: () => readonly PendingUndo[]): Promise<void> {
    const { targets, emit, experiment } = this.#context;
    const undoHere = async (where: (target: string) => boolean) => {
      const here = pending().filter(({ target }) => !this.isAway(target) && where(target));
      await undoAll(here, targets, emit);
    };
    const away = pending().flatMap(({ target }) =>
      this.isAway(target) ? (machineBootOf(target, experiment) ?? []) : [],
    );
    await undoHere(() => true);
    const wanted = new Map(away.map((on) => [`${on.machine} ${on.boot ?? ''}`, on]));
    for (const { machine, boot } of wanted.values()) {
      const computer = this.#computers.get(machine);
      if (computer === undefined || boot === null) continue;
      try {
        await this.#boot(computer, boot, { mode: '', block: 0 });
      } catch (error) {
        if (!(error instanceof Unbooted)) throw error;
        continue;
      }
      await undoHere((target) => {
        const on = machineBootOf(target, experiment);
        return on?.machine === machine && on.boot === boot;
      });
    }
  }

  /**
   * Restarts each machine that the run has restarted in the boot in which it was found or, if unknown, in its
   * boot loader's default. A session that was interrupted does not wait for it.
   */
  async putBack(): Promise<void> {
    await Promise.all([...this.#computers.values()].map((computer) => this.#putBack(computer)));
  }

  async #putBack(computer: Computer): Promise<void> {
    const { record, emit, interrupt } = this.#context;
    const machine = computer.name;
    const known = record.machines.get(machine);
    const { found } = known ?? {};
    if (known === undefined || found == null) return;
    const began = performance.now();
    const tell = (ok: boolean, output: string) => {
      emit({ type: 'machine-returned', machine, ok, tookMs: performance.now() - began, output });
      if (ok) return;
      const text = `${machine} is not as it was found${found.boot === null ? '' : ` (${found.boot})`}: ${output}`;
      emit({ type: 'incident', kind: 'restore', target: null, trial: null, text });
    };
    try {
      tell(true, await this.#putBackAs(computer, found, known.now === null));
    } catch (error) {
      await this.#knowAs(computer);
      tell(false, error instanceof LinkLost ? error.words : messageOf(error));
    }
    if (interrupt.aborted) await this.#knowAs(computer);
  }

  /**
   * @param starting whether it was told to restart, and has not been seen since
   * @returns what was done, in words
   * @throws Unbooted
   */
  async #putBackAs(
    computer: Computer,
    found: NonNullable<MachineRecord['found']>,
    starting: boolean,
  ): Promise<string> {
    const { interrupt } = this.#context;
    const inHurry = interrupt.aborted;
    // It may be on its way up.
    let now = await computer.awaitAnswer(undefined, inHurry ? { limitMs: HURRY_MS } : {});
    if (now !== undefined && now.id === found.id) {
      if (!starting) return 'it was not restarted';
      // The selection for its next start may already be used up; and it may be about to go down.
      if (found.boot !== null) await computer.select(now, found.boot);
      if (!(await computer.goesDown(now, Math.min(GOING_DOWN_MS, computer.spec.ready))))
        return found.boot === null
          ? 'it was not restarted; check which boot is selected for its next start'
          : 'it was not restarted';
      now = await computer.awaitAnswer(undefined, inHurry ? { limitMs: HURRY_MS } : {});
    }
    const boot = now === undefined ? null : await this.#bootOf(computer, now);
    if (now !== undefined && found.boot !== null && boot === found.boot) {
      await this.#knowAs(computer, { boot, id: now.id });
      return 'it is unchanged';
    }
    if (inHurry) {
      if (now === undefined) throw new Unbooted('did not wait for it; to wait for it: vgpubench restore');
      await computer.leave(now, found.boot);
      if (await computer.goesDown(now, HURRY_MS)) return 'on its way';
      throw new Unbooted('it did not go down');
    }
    const { id } = await start(computer, found.boot, this.#starting(computer, ''));
    await this.#knowAs(computer, { boot: found.boot, id });
    return '';
  }
}
