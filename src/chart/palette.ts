/**
 * Colours that colour-blind readers, and readers of greyscale prints, can distinguish, each with its own
 * point shape. Source: Okabe & Ito, "Color Universal Design", 2008.
 */
export interface Look {
  colour: string;
  point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'star' | 'crossRot' | 'cross';
  dash: number[];
}

const LOOKS: readonly Look[] = [
  { colour: '#0072B2', point: 'circle', dash: [] },
  { colour: '#D55E00', point: 'rect', dash: [6, 3] },
  { colour: '#009E73', point: 'triangle', dash: [2, 2] },
  { colour: '#CC79A7', point: 'rectRot', dash: [8, 3, 2, 3] },
  { colour: '#56B4E9', point: 'star', dash: [4, 4] },
  { colour: '#E69F00', point: 'crossRot', dash: [10, 4] },
  { colour: '#000000', point: 'cross', dash: [1, 3] },
];

/** The colour and shape of the mode at `index` among the modes of a run: the same in every chart. */
export function lookOf(index: number): Look {
  const look = LOOKS[index % LOOKS.length];
  if (look === undefined) throw new RangeError(`a mode’s index must be 0 or more, found ${index}`);
  return look;
}

/** A run's modes in the order of its experiment file, which determines their colours and shapes. */
export function modesOf({ specification }: { specification: { modes: Record<string, unknown> } }): string[] {
  return Object.keys(specification.modes);
}

/** The same colour, translucent. */
export function faint(colour: string): string {
  return `${colour}66`;
}
