/** A tree like Linux's /sys with running energy counters, for a shell that reads it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class EnergyTree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** A domain of RAPL, such as intel-rapl:0, or intel-rapl:0:0 within it. */
  rapl(domain: string, name: string, spent: number, range?: number): this {
    const told = range === undefined ? {} : { max_energy_range_uj: range };
    return this.#write(`class/powercap/${domain}`, { name, energy_uj: spent, ...told });
  }

  card(card: string, driver: string, spent: number): this {
    return this.#write(`class/drm/${card}/device/hwmon/hwmon3`, { name: driver, energy1_input: spent });
  }

  /** As for a user other than root: reading the counter fails. root reads any file, but no directory. */
  hide(domain: string): this {
    const counter = join(this.root, 'class/powercap', domain, 'energy_uj');
    rmSync(counter);
    mkdirSync(counter);
    return this;
  }

  /** The output of a script that looks there instead of in /sys. */
  told(script: string, shell: readonly [string, ...string[]] = ['sh']): string {
    const [file, ...args] = shell;
    return execFileSync(file, [...args, '-c', script.replaceAll('/sys/', `${this.root}/`)], {
      encoding: 'utf8',
    });
  }

  #write(folder: string, files: Record<string, string | number>): this {
    mkdirSync(join(this.root, folder), { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(this.root, folder, name), `${text}\n`);
    return this;
  }
}
