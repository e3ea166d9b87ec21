import { z } from 'zod';
import type { Failure } from '../words/about.ts';
import type { Contradiction } from '../words/contradiction.ts';
import { commandLine, name, oneOrMany } from '../words/names.ts';
import type { Need } from '../words/need.ts';
import { type HardwareCosts, hardwareCostsSchema } from './hardware-costs.ts';
import type { Mode } from './mode.ts';

/** What it costs to go from one value of a mode's option to another. */
type ChangeCost = 'nothing' | 'module' | 'guest boot' | 'machine boot';

/** What holds of every mode of a kind. */
export interface ModeFacts {
  /** Where what the guest's code asks of the GPU leaves the guest. */
  boundary: 'device' | 'DRM' | 'API' | 'trap' | 'none' | 'unknown';
  /** Its code has the whole GPU: what a probe is allowed there breaks no promise. */
  ownsGpu: boolean;
  /** The most guests that may be in it at once. */
  mostGuests: number;
  /** It can be attested without having been entered. */
  attestedUnentered: boolean;
  /** Raised when a mode's meaning changes, so that its figures are not compared with earlier ones. */
  definition: number;
  /** It was run on the hardware that it is for; where not, it is listed so. */
  onHardware: boolean;
  /** What it counts is told by a build that is slower for telling it: its counts and its times are of two builds. */
  countingSlows: boolean;
  /** How its mechanism came about, for reports; null where it is the user's own machine. */
  provenance: string | null;
}

/** What people are told of a kind besides: `vgpubench list modes NAME`. */
export interface ModeAbout {
  /** What proves that a trial ran in it, a sentence each. */
  attested: readonly string[];
  fails: readonly Failure[];
  /** As much of an experiment file as it takes. */
  example: { targets: Readonly<Record<string, object>>; modes: Readonly<Record<string, object>> };
}

/** What is attested of a mode that can tell its GPU. */
export const SAME_GPU =
  'the same GPU does the work in each block, by its PCI ID and address and the machine that it is in';

/** What holds of one option. */
export interface OptionFacts {
  costs: ChangeCost;
  shapesFigures: boolean;
  /** It acts by what crosses the boundary, and nothing else: where that is the same, it can't matter. */
  actsByCrossings?: boolean;
}

/** The options of a mode, as its own kind has them: what all kinds have is not among them. */
type OwnOptions<Spec> = Exclude<keyof Spec, keyof CommonSpec>;

/**
 * All that is known of a kind of mode but how it does its work: that is its program, which is loaded when the mode
 * is entered. A kind that forgets a fact, or an option of its schema, does not compile.
 */
export interface ModeKind<Spec extends CommonSpec = CommonSpec> {
  use: Spec['use'];
  schema: z.ZodType<Spec>;
  facts: ModeFacts;
  about: ModeAbout;
  /** Whether its guests are paused, or off, whenever another mode is under test. */
  sleeps(spec: Spec): boolean;
  /** Of each option: what it costs to change it, and whether it shapes a figure. */
  options: { readonly [Option in OwnOptions<Spec>]-?: OptionFacts };
  /** Why it can't do without the guest's host, in words; undefined where it can. */
  needsHost(spec: Spec): string | undefined;
  /** Why its guests’ hosts must be able to start and stop them, in words; undefined where they need not. */
  needsPower(spec: Spec): string | undefined;
  /** What has to be there on its guests and their hosts. */
  needs(spec: Spec): Need[];
  contradictions(spec: Spec): Contradiction[];
  /** What it was told to add to its own costs, in words; undefined where it adds nothing. */
  adds?(spec: Spec): string | undefined;
  /** What its crossings cost on hardware; undefined where nothing crosses, or nobody knows. */
  hardwareCosts?: HardwareCosts;
  program(): Promise<MakeMode<Spec>>;
}

/** A method's type, so that a kind of one spec can stand among kinds of any. */
type MakeMode<Spec> = { make(name: string, spec: Spec): Mode }['make'];

const neighbour = z
  .strictObject({
    on: oneOrMany.describe('The target, or the list of targets, that it runs on.'),
    run: commandLine.describe(
      'Run over and over, as long as the mode is entered. One that fails is not run again, and voids the trials.',
    ),
  })
  .describe('What runs beside the mode’s trials, on other targets that are entered with it.');

/** What every mode may say. */
const common = {
  on: oneOrMany,
  baseline: name
    .optional()
    .describe(
      'The mode that this one is a ratio of, instead of the experiment’s baseline. The mode named is then a baseline, too: it is compared with another only where it names one itself.',
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

/** Has the compiler hold a kind against its own schema. */
export function modeKind<const Schema extends z.ZodType<CommonSpec>>(
  kind: Omit<ModeKind<z.output<Schema>>, 'schema'> & { schema: Schema },
) {
  return kind;
}
