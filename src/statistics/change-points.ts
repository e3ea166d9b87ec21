/** Where a series changes its distribution: E-divisive with a permutation test. */
import { bestSplit, type Split } from './energy.ts';
import { requireFinite, requireShare } from './finite.ts';
import { seeded, type Random, type Seed } from './prng.ts';
import { median } from './quantile.ts';
import { shuffledBlocks, shuffleInPlace } from './shuffle.ts';

export interface ChangePointOptions {
  readonly seed: Seed;
  /** Level of each permutation test; default 0.05. */
  readonly significance?: number;
  /** Permutations of each test; default 199, so that the smallest p is 0.005. */
  readonly permutations?: number;
  /** The minimum number of values between two change points; default 5, at least 2. */
  readonly minimumSize?: number;
  /** How many consecutive values are permuted as a block; default 1, and more if they are correlated. */
  readonly blockLength?: number;
  /** The smallest reported change of the median, as a share of the one before; default 0. */
  readonly minimumMagnitude?: number;
}

export interface ChangePoint {
  /** Of the first value after the change. */
  readonly index: number;
  /** Of the permutation test that found it. */
  readonly p: number;
  /** Medians of the segments before and after it, in the values' unit. */
  readonly before: number;
  readonly after: number;
  /** |after - before| as a share of |before|; Infinity from a median of 0. */
  readonly magnitude: number;
}

/**
 * The change points of a series in ascending order: E-divisive (Matteson & James, "A nonparametric approach
 * for multiple change point analysis of multivariate data", JASA 109, 2014), for one variable, with the
 * exponent 1. The strongest split of any segment is kept while it beats the strongest splits of the same
 * values shuffled within their segments. Changes under the minimum magnitude are then removed, smallest
 * first, and their segments joined.
 *
 * A test takes quadratic time in the longest segment: 199 permutations of 1,000 values take under a second.
 * Autocorrelated values look like changes to any such test, unless blocks of them are permuted. Throws
 * RangeError for non-finite values and for invalid options; a series that is too short has no change points.
 */
export function changePoints(values: ArrayLike<number>, options: ChangePointOptions): ChangePoint[] {
  const series = requireFinite(values, 'a search for change points', 0);
  const settings = {
    significance: 0.05,
    permutations: 199,
    minimumSize: 5,
    blockLength: 1,
    minimumMagnitude: 0,
    ...options,
  };
  requireSettings(settings);
  return largeOnes(series, significantSplits(series, settings), settings.minimumMagnitude);
}

type Settings = Required<ChangePointOptions>;
type Found = Pick<ChangePoint, 'index' | 'p'>;

function significantSplits(series: Float64Array, settings: Settings): Found[] {
  const random = seeded(settings.seed);
  const found: Found[] = [];
  let segments = [series];
  for (;;) {
    const strongest = strongestSplit(segments, settings.minimumSize);
    if (strongest === undefined) return found;
    const { place, segment, split } = strongest;
    const p = permutationP(segments, split.strength, random, settings);
    if (p === undefined) return found;
    const index = (segment.byteOffset - series.byteOffset) / series.BYTES_PER_ELEMENT + split.at;
    found.push({ index, p });
    segments = segments.toSpliced(place, 1, segment.subarray(0, split.at), segment.subarray(split.at));
  }
}

interface Placed {
  /** Among the segments. */
  readonly place: number;
  readonly segment: Float64Array;
  readonly split: Split;
}

/** The first of the strongest; undefined if no segment is long enough for a split. */
function strongestSplit(segments: readonly Float64Array[], minimumSize: number): Placed | undefined {
  let strongest: Placed | undefined;
  for (const [place, segment] of segments.entries()) {
    const split = bestSplit(segment, minimumSize);
    if (split !== undefined && split.strength > strength(strongest?.split))
      strongest = { place, segment, split };
  }
  return strongest;
}

const strength = (split: Split | undefined) => split?.strength ?? -Infinity;

/**
 * How often shuffled segments have an equally strong split, (1 + times) / (1 + permutations); undefined as
 * soon as it is sure to exceed the level.
 */
function permutationP(
  segments: readonly Float64Array[],
  observed: number,
  random: Random,
  { permutations, significance, minimumSize, blockLength }: Settings,
): number | undefined {
  const orders = segments.map((segment) => orderer(segment, blockLength, random));
  let reached = 1;
  for (let i = 0; i < permutations; i++) {
    const asStrong = orders.some((next) => strength(bestSplit(next(), minimumSize)) >= observed);
    if (asStrong) reached++;
    if (reached > significance * (permutations + 1)) return undefined;
  }
  return reached / (permutations + 1);
}

/** Puts a segment in another random order each time. */
function orderer(segment: Float64Array, blockLength: number, random: Random): () => Float64Array {
  if (blockLength > 1) return () => shuffledBlocks(segment, blockLength, random);
  const shuffled = segment.slice();
  return () => {
    shuffleInPlace(shuffled, random);
    return shuffled;
  };
}

function largeOnes(series: Float64Array, found: readonly Found[], minimumMagnitude: number): ChangePoint[] {
  const points = describe(
    series,
    found.toSorted((a, b) => a.index - b.index),
  );
  const smallest = points.reduce((least, point) => Math.min(least, point.magnitude), Infinity);
  if (smallest >= minimumMagnitude) return points;
  return largeOnes(
    series,
    points.filter(({ magnitude }) => magnitude > smallest),
    minimumMagnitude,
  );
}

function describe(series: Float64Array, found: readonly Found[]): ChangePoint[] {
  return found.map(({ index, p }, i) => {
    const before = median(series.subarray(found[i - 1]?.index ?? 0, index));
    const after = median(series.subarray(index, found[i + 1]?.index ?? series.length));
    const magnitude = after === before ? 0 : Math.abs(after - before) / Math.abs(before);
    return { index, p, before, after, magnitude };
  });
}

function requireSettings(settings: Settings): void {
  const { significance, permutations, minimumSize, blockLength, minimumMagnitude } = settings;
  requireShare(significance, 'a significance');
  if (!Number.isInteger(permutations) || permutations + 1 < 1 / significance) {
    throw new RangeError(
      `a test at ${significance} needs ${Math.ceil(1 / significance) - 1} permutations or more, found ${permutations}`,
    );
  }
  if (!Number.isInteger(minimumSize) || minimumSize < 2) {
    throw new RangeError(`a segment's minimum size must be an integer of 2 or more, found ${minimumSize}`);
  }
  if (!Number.isInteger(blockLength) || blockLength < 1) {
    throw new RangeError(`a block's length must be an integer of 1 or more, found ${blockLength}`);
  }
  if (!(minimumMagnitude >= 0)) {
    throw new RangeError(`a minimum magnitude must be a share of 0 or more, found ${minimumMagnitude}`);
  }
}
