/** This machine's distribution, and how packages are installed there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Distributions that use the same package names. */
export type Family = 'debian' | 'fedora' | 'arch' | 'suse' | 'alpine';

/** ID and ID_LIKE of os-release, by the family they indicate. */
const FAMILIES: Readonly<Record<string, Family>> = {
  debian: 'debian',
  ubuntu: 'debian',
  fedora: 'fedora',
  rhel: 'fedora',
  centos: 'fedora',
  arch: 'arch',
  archlinux: 'arch',
  suse: 'suse',
  opensuse: 'suse',
  alpine: 'alpine',
};

const INSTALL: Readonly<Record<Family, string>> = {
  debian: 'apt-get install --no-install-recommends',
  fedora: 'dnf install',
  arch: 'pacman -S --needed',
  suse: 'zypper install',
  alpine: 'apk add',
};

export interface Distribution {
  /** Its name for itself. */
  name: string;
  /** Its ID in os-release, e.g. `debian`, and its codename if it has one. */
  id: string;
  codename: string | undefined;
  /** Undefined if unknown. */
  family: Family | undefined;
}

/** @param text os-release(5). */
export function parseOsRelease(text: string): Distribution {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (found?.[1] !== undefined) values.set(found[1], found[3] ?? '');
  }
  const id = values.get('ID') ?? 'linux';
  const ids = [id, ...(values.get('ID_LIKE') ?? '').split(' ')];
  return {
    name: values.get('PRETTY_NAME') ?? id,
    id,
    codename: values.get('VERSION_CODENAME'),
    // SUSE's own ID includes the product: opensuse-leap, opensuse-tumbleweed.
    family: ids
      .map((one) => FAMILIES[one] ?? FAMILIES[one.replace(/-.*/, '')])
      .find((one) => one !== undefined),
  };
}

/** @param etc The folder of os-release. */
export function thisDistribution(etc = '/etc'): Distribution {
  try {
    return parseOsRelease(readFileSync(join(etc, 'os-release'), 'utf8'));
  } catch {
    return parseOsRelease('');
  }
}

/** The command that installs packages, without `sudo`, which the user may have to prepend. */
export function installCommand(family: Family, packages: readonly string[]): string {
  return `${INSTALL[family]} ${packages.join(' ')}`;
}
