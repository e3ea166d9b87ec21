import { z } from 'zod';
import { schemasOf } from '../words/schemas.ts';
import { custom } from './custom/kind.ts';
import { forwarding } from './forwarding/kind.ts';
import { gvtg } from './gvtg/kind.ts';
import type { ModeKind, OptionFacts } from './kind.ts';
import { labEmulation } from './lab-emulation/kind.ts';
import { labForwarding } from './lab-forwarding/kind.ts';
import { labMediated } from './lab-mediated/kind.ts';
import { labNative } from './lab-native/kind.ts';
import { labPassthrough } from './lab-passthrough/kind.ts';
import { labPvdrm } from './lab-pvdrm/kind.ts';
import type { Mode } from './mode.ts';
import { native } from './native/kind.ts';
import { nvidiaVgpu } from './nvidia-vgpu/kind.ts';
import { passthrough } from './passthrough/kind.ts';
import { pvdrm } from './pvdrm/kind.ts';
import { virtioGpu } from './virtio-gpu/kind.ts';
import { xengt } from './xengt/kind.ts';

/** Every built-in kind of mode. One that is added here appears in the experiment file and its JSON Schema. */
const KINDS = [
  native,
  pvdrm,
  xengt,
  gvtg,
  nvidiaVgpu,
  passthrough,
  virtioGpu,
  forwarding,
  custom,
  labNative,
  labPassthrough,
  labPvdrm,
  labMediated,
  labForwarding,
  labEmulation,
] as const;

/** An entry under `modes` in an experiment file. */
export const anyModeSchema = z.discriminatedUnion('use', schemasOf(KINDS));

export type ModeSpec = z.output<typeof anyModeSchema>;

/** A kind, whichever it is. */
export type AnyModeKind = Omit<ModeKind<ModeSpec>, 'options'> & {
  options: Readonly<Record<string, OptionFacts>>;
};

export const modeKinds: readonly AnyModeKind[] = KINDS;

/** Undefined for a word that names no kind, which results of another version may have. */
export function modeKindNamed(use: unknown): AnyModeKind | undefined {
  return modeKinds.find((kind) => kind.use === use);
}

/** The kind of an experiment's entry. */
export function modeKindOf({ use }: Pick<ModeSpec, 'use'>): AnyModeKind {
  const kind = modeKindNamed(use);
  if (kind === undefined) throw new Error(`no kind of mode ${use}: the experiment file is checked for that`);
  return kind;
}

/** The mode of an experiment's entry. */
export async function modeFor(name: string, spec: ModeSpec): Promise<Mode> {
  return (await modeKindOf(spec).program())(name, spec);
}
