import { z } from 'zod';
import { schemasOf } from '../words/schemas.ts';
import { custom } from './custom.ts';
import type { PowerKind } from './kind.ts';
import type { Power } from './power.ts';
import { qmp } from './qmp.ts';
import { virsh } from './virsh.ts';
import { xl } from './xl.ts';

/** Every built-in way to power a guest. */
const KINDS = [xl, virsh, qmp, custom] as const;

/** The value of `power` in a target of an experiment file. */
export const anyPowerSchema = z
  .discriminatedUnion('use', schemasOf(KINDS))
  .describe('How its host starts and stops the guest, when it does not answer or a mode requires it.');

export type PowerSpec = z.output<typeof anyPowerSchema>;

/** The kind of an experiment's entry. */
export function powerKindOf({ use }: Pick<PowerSpec, 'use'>): PowerKind<PowerSpec> {
  const kind = (KINDS as readonly PowerKind<PowerSpec>[]).find((one) => one.use === use);
  if (kind === undefined) throw new Error(`no power ${use}: the experiment file is checked for that`);
  return kind;
}

/** How a guest is powered, as its entry in the experiment says. */
export function powerOf(spec: PowerSpec, domain: string): Power {
  return powerKindOf(spec).power(spec, domain);
}
