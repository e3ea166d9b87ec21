import { difference } from '../counters.ts';
import type { Facts } from '../facts.ts';
import { countersOf, readGuest } from '../lab/evidence.ts';
import { wordsOf } from '../lab/guest.ts';
import type { Counters, Finding, Mode } from '../mode.ts';

/** The lab's bare-metal machine: Linux on the machine that has the GPU. */
export function labNativeMode(name: string): Mode {
  let entered: Facts | undefined;
  let crossed: Counters = {};
  return {
    name,
    prepare: ({ guest }) => {
      // Starts a stay: its first attestation is the one before its trials, whatever an earlier stay left.
      entered = undefined;
      crossed = {};
      // As dom0 does whenever it changes the boundary: ends any earlier hang.
      return Promise.resolve([{ target: guest.name, script: 'vgpu-window reset', undo: undefined }]);
    },
    attest: async ({ guest }) => {
      const facts = await readGuest(guest, []);
      const findings = standing(guest.name, facts);
      if (entered === undefined) {
        entered = facts;
        return findings;
      }
      crossed = difference(countersOf(facts, 'guest'), countersOf(entered, 'guest'));
      return [
        ...findings,
        {
          target: guest.name,
          claim: 'nothing crossed in its trials',
          ok: Object.keys(crossed).length === 0,
          evidence: wordsOf(crossed),
        },
      ];
    },
    counters: () => Promise.resolve(crossed),
    wrap: (command) => command,
    environment: {},
  };
}

function standing(target: string, facts: Facts): Finding[] {
  const says = (name: string): string => facts.get('failed') ?? facts.get(name) ?? '';
  return [
    {
      target,
      claim: 'no Xen',
      ok: says('hypervisor') === 'none',
      evidence: `/sys/hypervisor/type: ${says('hypervisor')}`,
    },
    {
      target,
      claim: 'the GPU is on its own PCI bus',
      ok: /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d$/.test(says('card')),
      evidence: says('card'),
    },
    { target, claim: 'its runtime uses native', ok: says('mode') === 'native', evidence: says('mode') },
  ];
}
