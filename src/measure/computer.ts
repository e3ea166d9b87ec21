/** One physical computer, and how to restart it in one of its boots. */
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { FINGERPRINT_SCRIPT, parseFingerprint } from '../environment/fingerprint.ts';
import type { MachineSpec } from '../experiment/machine-schema.ts';
import type { CommandResult } from '../target/lifecycle.ts';
import { LinkLost } from '../target/link.ts';
import { BOOT_ID } from '../target/patient-connection.ts';
import type { Target } from '../target/target.ts';

const POLL_MS = 500;
/** How long a machine may take to go down after it was told to restart, in ms. */
export const GOING_DOWN_MS = 60_000;
/** How long to wait for one in a session that was interrupted, in ms. */
export const HURRY_MS = 30_000;
/** Longer than a command that selects a boot, or a power controller, takes. */
const COMMAND_MS = 120_000;

/** What answers at an address of a computer. */
export interface Answer {
  target: Target;
  /** Its boot id. */
  id: string;
}

/** It can't be booted as required: the reason, in words. */
export class Unbooted extends Error {}

export class Computer {
  readonly name: string;
  readonly spec: MachineSpec;
  /** Targets that are the computer itself, by the boot in which they are up; null for one without boots. */
  readonly #hosts: readonly { target: Target; boot: string | null }[];

  constructor(name: string, spec: MachineSpec, hosts: readonly { target: Target; boot: string | null }[]) {
    this.name = name;
    this.spec = spec;
    this.#hosts = hosts;
  }

  /** Whether one of its targets was given up. */
  get silent(): boolean {
    return this.#hosts.every(({ target }) => target.unreachable !== undefined);
  }

  /** What answers now, at any of its addresses. */
  async answer(over?: AbortSignal): Promise<Answer | undefined> {
    const doors = new Map(
      this.#hosts.map(({ target }) => [JSON.stringify(target.address), target] as const).reverse(),
    );
    for (const target of doors.values()) {
      const id = await bootIdOf(target, over);
      if (id !== undefined) return { target, id };
    }
    return undefined;
  }

  /**
   * The same, as soon as something answers, for as long as it may take to start.
   * @param limitMs an upper limit
   * @param old the boot id of what went down: it is not waited for
   */
  async awaitAnswer(
    over?: AbortSignal,
    { limitMs = this.spec.ready, old }: { limitMs?: number; old?: string | undefined } = {},
  ): Promise<Answer | undefined> {
    const look = async () => {
      const now = await this.answer(over);
      if (old === undefined || now?.id !== old) return now;
      // Still going down.
      await now.target.close();
      return undefined;
    };
    return this.#until(look, over, limitMs);
  }

  /** Selects that boot for its next start, as long as nothing else is selected. @throws Unbooted */
  async select({ target }: Answer, boot: string): Promise<void> {
    await this.#run(target, this.spec.boots?.[boot]?.select ?? ':');
  }

  /** The boot it is in, according to the checks of its boots; undefined if they don't say. */
  async bootBy({ target }: Answer): Promise<string | undefined> {
    const boots = Object.entries(this.spec.boots ?? {});
    for (const [boot, { check }] of boots)
      if (check !== undefined && (await runThere(target, check)).exitCode === 0) return boot;
    return boots.length === 1 ? boots[0]?.[0] : undefined;
  }

  /**
   * Restarts it in one of its boots, and waits until that answers.
   * @param boot null for its boot loader's default
   * @throws Unbooted
   */
  async restart(from: Answer, boot: string | null, over?: AbortSignal): Promise<Answer> {
    await this.leave(from, boot);
    const up = await this.awaitAnswer(over, { old: from.id });
    const expected = this.#hosts.filter((one) => boot === null || one.boot === boot);
    const isHere = (answer: Answer) =>
      expected.length === 0 || expected.some(({ target }) => sameAddress(target, answer.target));
    if (up !== undefined && isHere(up)) return up;
    if (over?.aborted === true) throw new Unbooted(`did not wait for ${this.name}`);
    const other = up ?? (await this.answer());
    const found =
      other === undefined
        ? 'nothing answers'
        : other.id === from.id
          ? 'it was not restarted'
          : `it answers at ${other.target.address.ssh} instead`;
    throw new Unbooted(
      `${this.name} did not come up${boot === null ? '' : ` as ${boot}`} within ${this.spec.ready / 1000} s: ${found}`,
    );
  }

  /** Makes it go down for a start in that boot. @throws Unbooted if one of the commands fails */
  async leave(from: Answer, boot: string | null): Promise<void> {
    if (boot !== null) await this.select(from, boot);
    await this.#run(from.target, this.spec.reboot, true);
    await from.target.close();
  }

  /** @param ends It may drop the connection. @throws Unbooted if it fails */
  async #run(target: Target, script: string, ends = false): Promise<void> {
    const { exitCode, stdout, stderr } = await runThere(target, script);
    if (exitCode === 0 || (exitCode === null && ends)) return;
    const status = exitCode === null ? 'not finished in time' : `exit status ${exitCode}`;
    throw new Unbooted(`on ${this.name}: ${script}: ${status}: ${(stderr || stdout).trim().slice(0, 300)}`);
  }

  /** Whether what was up goes down, within this time. */
  async goesDown(from: Answer, limitMs: number): Promise<boolean> {
    const gone = async () => {
      const now = await this.answer();
      await now?.target.close();
      return now?.id === from.id ? undefined : true;
    };
    return (await this.#until(gone, undefined, limitMs)) === true;
  }

  /** Through the power controller's command, run here. @throws Unbooted if there is none, or it fails */
  async reset(): Promise<void> {
    const { reset } = this.spec;
    if (reset === undefined)
      throw new Unbooted(`${this.name} does not answer, and machines.${this.name} has no reset`);
    // In its own group: Ctrl-C could leave a machine off between two of its commands.
    const running = execa('sh', ['-c', reset], {
      ...{ stdin: 'ignore', stdout: 'ignore', reject: false, detached: true },
    });
    const late = setTimeout(() => {
      if (running.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
    }, COMMAND_MS);
    const { exitCode, stderr } = await running;
    clearTimeout(late);
    // Its output, but not the command itself, which may contain a password.
    const status =
      exitCode === undefined ? `not finished within ${COMMAND_MS / 1000} s` : `exit status ${exitCode}`;
    if (exitCode !== 0)
      throw new Unbooted(`the reset of ${this.name} failed: ${stderr.trim().slice(0, 300) || status}`);
  }

  async #until<T>(
    look: () => Promise<T | undefined>,
    over?: AbortSignal,
    limitMs = this.spec.ready,
  ): Promise<T | undefined> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const found = await look();
      if (found !== undefined || over?.aborted === true || performance.now() > deadline) return found;
      await sleep(POLL_MS);
    }
  }
}

function sameAddress(one: Target, other: Target): boolean {
  return JSON.stringify(one.address) === JSON.stringify(other.address);
}

/** What came up, in words that distinguish two boots. @throws LinkLost */
export async function systemOf({ target }: Answer): Promise<string> {
  const { kernel, hypervisor, xen, cmdline } = parseFingerprint(
    (await target.run(FINGERPRINT_SCRIPT)).stdout,
  );
  const below =
    hypervisor === undefined ? 'no hypervisor' : `${hypervisor}${xen === undefined ? '' : ` ${xen}`}`;
  return [kernel ?? 'unknown kernel', below, cmdline ?? ''].join('; ');
}

/** Undefined if nothing answers. */
async function bootIdOf(target: Target, over?: AbortSignal): Promise<string | undefined> {
  target.back();
  try {
    await target.reconnect(() => undefined, over);
    return (await target.run(BOOT_ID)).stdout.trim() || undefined;
  } catch (error) {
    if (error instanceof LinkLost) return undefined;
    throw error;
  }
}

/** `exitCode` is also null if the connection was lost meanwhile. */
async function runThere(target: Target, script: string): Promise<CommandResult> {
  try {
    return await target.run(script, { timeoutMs: COMMAND_MS });
  } catch (error) {
    if (error instanceof LinkLost) return { exitCode: null, stdout: '', stderr: error.words };
    throw error;
  }
}
