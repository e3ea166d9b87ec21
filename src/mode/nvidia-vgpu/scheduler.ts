/**
 * How the host’s driver schedules a GPU. Source: NVIDIA/open-gpu-kernel-modules, kernel_sched_mgr.c (the policy’s line);
 * NVIDIA’s guide to vGPU, “Changing Scheduling Behavior” (RmPVMRL, the time slice’s line: in uS with newer drivers).
 */
import type { Facts } from '../facts.ts';
import type { Finding } from '../mode.ts';

export const POLICIES = ['best-effort', 'equal-share', 'fixed-share'] as const;
type Policy = (typeof POLICIES)[number];

/** The registry key’s value, with the type’s default time slice. */
export const REGISTRY: Readonly<Record<Policy, string>> = {
  'best-effort': '0x00',
  'equal-share': '0x01',
  'fixed-share': '0x11',
};

interface Wanted {
  scheduler?: Policy | undefined;
  /** In µs. */
  'time-slice'?: number | undefined;
}

/** Facts. The driver logs the policy once per GPU, followed by the time slices without the GPU’s name. */
export function schedulerFacts(device: string): string {
  return String.raw`dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | sed -n 's/^[0-7],[^;]*;//p' | awk -v gpu='GPU at ${device} has software scheduler ' '
index($0, gpu) { policy = $0; sub(/.* with policy /, "", policy); sub(/[ .].*/, "", policy); slices = "" }
policy != "" && /Software scheduler timeslice set to/ { s = $0; sub(/.* set to /, "", s); sub(/\.$/, "", s); slices = slices s "," }
END { printf "policy\t%s\nslices\t%s\n", policy, slices }'`;
}

/** As the driver spells it: EQUAL_SHARE; empty if its log does not contain it. */
export function policyIn(facts: Facts): string {
  return (facts.get('policy') ?? '').toLowerCase().replaceAll('_', '-');
}

/** In µs; several if GPUs differ, since the lines don’t name them. */
function slicesIn(facts: Facts): number[] {
  const told = [...(facts.get('slices') ?? '').matchAll(/(\d{1,9}) ?(ms|uS)/g)];
  return [...new Set(told.map(([, amount, unit]) => Number(amount) * (unit === 'ms' ? 1000 : 1)))];
}

/** Requested settings must match the log; others are only noted. */
export function schedulerFindings(target: string, facts: Facts, wanted: Wanted): Finding[] {
  const { scheduler, 'time-slice': slice } = wanted;
  const [policy, slices] = [policyIn(facts), slicesIn(facts)];
  const evidence = policy || 'its log does not report it';
  return [
    {
      target,
      claim:
        scheduler === undefined
          ? 'its driver’s scheduler is noted'
          : `its driver’s scheduler is ${scheduler}`,
      ok: scheduler === undefined || policy === scheduler,
      evidence,
    },
    ...(slice === undefined
      ? []
      : [
          {
            target,
            claim: `a turn takes ${slice} µs`,
            ok: slices.length === 1 && slices[0] === slice,
            evidence: slices.map((us) => `${us} µs`).join(', ') || 'its log does not report it',
          },
        ]),
  ];
}
