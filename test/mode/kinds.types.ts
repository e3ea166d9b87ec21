/** What must not compile: `npm run typecheck` fails where it does. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { modeKind, modeSchema } from '../../src/mode/kind.ts';

const schema = modeSchema('planted', { cache: z.boolean() }, 'Planted.');
const whole = {
  use: 'planted' as const,
  schema,
  facts: {
    boundary: 'DRM' as const,
    ownsGpu: false,
    mostGuests: 1,
    attestedUnentered: false,
    definition: 1,
    onHardware: true,
    countingSlows: false,
    provenance: null,
  },
  about: { attested: [], fails: [], example: { targets: {}, modes: {} } },
  sleeps: () => false,
  options: { cache: { costs: 'module' as const, shapesFigures: true } },
  needsHost: () => undefined,
  needsPower: () => undefined,
  needs: () => [],
  contradictions: () => [],
  program: () => Promise.reject(new Error('none')),
};

modeKind(whole);

const { facts, options, needs, about, ...rest } = whole;
const lacking = { ...rest, about };
// @ts-expect-error A kind without its facts.
modeKind({ ...lacking, options, needs });
// @ts-expect-error A kind that tells nobody how it is attested.
modeKind({ ...rest, facts, options, needs });
// @ts-expect-error A kind that does not say what it needs.
modeKind({ ...lacking, options, facts });
// @ts-expect-error A kind that forgets an option of its schema.
modeKind({ ...lacking, facts, needs, options: {} });
const { ownsGpu, ...fewer } = facts;
// @ts-expect-error A kind that forgets one fact.
modeKind({ ...lacking, options, needs, facts: fewer });
assert.equal(ownsGpu, false);
