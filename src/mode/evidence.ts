/** What both sides of a guest say of its mode. */
import { type Facts, factsOf } from './facts.ts';
import { hostOf } from './host.ts';
import type { Site } from './mode.ts';

export interface Evidence {
  guest: Facts;
  host: Facts;
}

/** Both are asked at once, by a script each. @throws Problem without a host, LinkLost */
export async function evidenceOf(site: Site, inGuest: string, onHost: string): Promise<Evidence> {
  const [guest, host] = await Promise.all([factsOf(site.guest, inGuest), factsOf(hostOf(site), onHost)]);
  return { guest, host };
}
