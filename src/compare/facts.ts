/** Which facts of a target are stable, and which of those are versions of what may be under test. */

/** Each boot has its own, and programs change with commits. */
const PASSING = /^boot$|^program /;
const UNDER_TEST = /^(?:kernel|xen|nvidia|mesa|driver|gpu )/i;

export function lasting(fingerprint: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(fingerprint)
    .filter(([fact]) => !PASSING.test(fact))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Facts about the kernel, the hypervisor, the GPU and its drivers. */
export function versionsIn(fingerprint: Readonly<Record<string, string>>): [string, string][] {
  return lasting(fingerprint).filter(([fact]) => UNDER_TEST.test(fact));
}
