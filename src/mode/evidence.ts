/** Evidence for a guest’s mode from both sides. */
import { type Facts, factsOf } from './facts.ts';
import { hostOf } from './host.ts';
import type { Site } from './mode.ts';

export interface Evidence {
  guest: Facts;
  host: Facts;
}

/** Both sides are asked at once, with a script each. @throws Problem without a host, LinkLost */
export async function evidenceOf(site: Site, inGuest: string, onHost: string): Promise<Evidence> {
  const [guest, host] = await Promise.all([factsOf(site.guest, inGuest), factsOf(hostOf(site), onHost)]);
  return { guest, host };
}
