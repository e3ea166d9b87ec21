import { z } from 'zod';
import type { Failure } from '../words/about.ts';
import type { Contradiction } from '../words/contradiction.ts';
import { commandLine, name, oneOrMany } from '../words/names.ts';
import type { Need } from '../words/need.ts';
import { type HardwareCosts, hardwareCostsSchema } from './hardware-costs.ts';
import type { Mode } from './mode.ts';

/** The cost of changing a mode's option from one value to another. */
type ChangeCost = 'nothing' | 'module' | 'guest boot' | 'machine boot';

/** Facts about every mode of a kind. */
export interface ModeFacts {
  /** The layer at which the guest's GPU requests leave the guest. */
  boundary: 'device' | 'DRM' | 'API' | 'API or DRM' | 'trap' | 'none' | 'unknown';
  /** It has the whole GPU: whatever a probe is allowed there is by design. */
  ownsGpu: boolean;
  /** The maximum number of guests that may be in it at once. */
  mostGuests: number;
  /** It can be attested without having been entered. */
  attestedUnentered: boolean;
  /** Raised when a mode's meaning changes, so that its figures are not compared with earlier ones. */
  definition: number;
  /** It was run on the hardware it is for; if not, it is marked as such in lists. */
  onHardware: boolean;
  /** Its counts come from a build that is slower because it counts: counts and times need two builds. */
  countingSlows: boolean;
  /** The origin of its mechanism, for reports; null if it is the user's own machine. */
  provenance: string | null;
}

/** What `vgpubench list modes NAME` prints in addition. */
export interface ModeAbout {
  /** What proves that a trial ran in it, a sentence each. */
  attested: readonly string[];
  fails: readonly Failure[];
  /** The part of an experiment file that it needs. */
  example: { targets: Readonly<Record<string, object>>; modes: Readonly<Record<string, object>> };
}

/** What is attested for a mode that can identify its GPU. */
export const SAME_GPU =
  'the same GPU does the work in every block, identified by its PCI ID, its address and its machine';

/** What holds of one option. */
export interface OptionFacts {
  costs: ChangeCost;
  shapesFigures: boolean;
  /** It only acts on crossings: if those are the same, it can have no effect. */
  actsByCrossings?: boolean;
}

/** The options of a mode, as defined by its own kind: without those that all kinds have. */
type OwnOptions<Spec> = Exclude<keyof Spec, keyof CommonSpec>;

/**
 * Everything about a kind of mode except how it works, which is in its program and loaded when the mode is
 * entered. A kind that omits a fact, or an option of its schema, does not compile.
 */
export interface ModeKind<Spec extends CommonSpec = CommonSpec> {
  use: Spec['use'];
  schema: z.ZodType<Spec>;
  facts: ModeFacts;
  about: ModeAbout;
  /** Whether its guests are paused, or off, whenever another mode is under test. */
  sleeps(spec: Spec): boolean;
  /** For each option: the cost of changing it, and whether it affects figures. */
  options: { readonly [Option in OwnOptions<Spec>]-?: OptionFacts };
  /** Why it requires the guest's host, in words; undefined if it does not. */
  needsHost(spec: Spec): string | undefined;
  /** Why its guests’ hosts must be able to start and stop them, in words; undefined if they need not. */
  needsPower(spec: Spec): string | undefined;
  /** What must be present on its guests and their hosts. */
  needs(spec: Spec): Need[];
  contradictions(spec: Spec): Contradiction[];
  /** What it was configured to add to its own costs, in words; undefined if nothing. */
  adds?(spec: Spec): string | undefined;
  /** The cost of its crossings on hardware; undefined if nothing crosses, or nobody knows. */
  hardwareCosts?: HardwareCosts;
  program(): Promise<MakeMode<Spec>>;
}

/** A method's type, so that a kind with one spec type can be listed among kinds of any. */
type MakeMode<Spec> = { make(name: string, spec: Spec): Mode }['make'];

const neighbour = z
  .strictObject({
    on: oneOrMany.describe('The target or targets that it runs on.'),
    run: commandLine.describe(
      'Run repeatedly, as long as the mode is entered. If it fails, it is not run again, and the trials are void.',
    ),
  })
  .describe('A load that runs during the mode’s trials, on other targets that are entered with it.');

/** Keys common to all modes. */
const common = {
  on: oneOrMany,
  baseline: name
    .optional()
    .describe(
      'The mode that this one is compared with, instead of the experiment’s baseline. The mode named is then a baseline, too, and is itself only compared if it names one.',
    ),
  neighbour: neighbour.optional(),
  'hardware-costs': hardwareCostsSchema,
};

export interface CommonSpec {
  use: string;
  on: string[];
  baseline?: string | undefined;
  neighbour?: z.output<typeof neighbour> | undefined;
  'hardware-costs'?: z.output<typeof hardwareCostsSchema>;
}

/** Every guest that is entered with a mode: those that run its trials, and its neighbour's. */
export function guestsOf({ on, neighbour }: Pick<CommonSpec, 'on' | 'neighbour'>): string[] {
  return [...on, ...(neighbour?.on ?? [])];
}

/** The schema of a kind's entry under `modes`. */
export function modeSchema<const Use extends string, Options extends z.ZodRawShape>(
  use: Use,
  options: Options,
  description: string,
) {
  return z.strictObject({ use: z.literal(use), ...common, ...options }).describe(description);
}

/** Lets the compiler check a kind against its own schema. */
export function modeKind<const Schema extends z.ZodType<CommonSpec>>(
  kind: Omit<ModeKind<z.output<Schema>>, 'schema'> & { schema: Schema },
) {
  return kind;
}
