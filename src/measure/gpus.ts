import type { Finding, Site } from '../mode/mode.ts';
import { maySameGpu } from '../words/gpu.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * Checks that the GPU doing the mode's work is the same as before; it is recorded when first seen. @throws
 * LinkLost
 */
export async function sameGpu(site: Site, { mode, gpus, emit }: VisitContext): Promise<Finding[]> {
  const gpu = await mode.gpu?.(site);
  if (gpu === undefined) return [];
  const target = site.guest.name;
  const known = gpus.get(mode.name)?.get(target);
  if (known === undefined) emit({ type: 'gpu', mode: mode.name, target, gpu: gpu.identity });
  const driver = gpu.driver === '' ? 'no driver' : gpu.driver;
  return [
    {
      target,
      claim: known === undefined ? 'its GPU is known' : `its GPU is still ${known}`,
      ok: known === undefined || maySameGpu(known, gpu.identity),
      evidence: `${gpu.identity}, ${driver}`,
    },
  ];
}
