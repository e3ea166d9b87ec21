/** What programs print for numbers, and what only looks like one. */
import type { Random } from '../../src/statistics/prng.ts';

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** D is a run of digits, G three. */
const FORMS = [
  ...['D', 'D.D', '.D', 'D.', 'DeD', 'D.DE-2', '1e000D', '+D', '-D', 'D%', 'D,', 'D.D.', '(D)', '0D'],
  ...['D,G', 'D,G,G', 'D,G.D', '0,G', '0,5G', 'D.G,G', 'D,D', 'D,D,D', 'DGGG,G', 'D.D.D', '1,G,D'],
  ...["D'G", 'D’G', 'D_G', 'D\u00a0G', 'D\u202fG,D', 'D\u2009G', 'D G'],
  ...[
    'D.DD-03',
    'De',
    'De+',
    'D.De-',
    '0xD',
    'Dk',
    'D.Dms',
    'Dms',
    'DGB',
    'Dµs',
    'vD',
    'xDy',
    'D:G',
    'D/D',
    'D-D',
    'D^D',
    'D±D',
  ],
  ...[
    'nan',
    '-nan(ind)',
    'inf',
    '1.#INF',
    'N/A',
    '-',
    '#',
    'D…D',
    '\u001b[1mD\u001b[0m',
    'D.\u001b[0mD',
    '4294967295',
    '-1',
  ],
] as const;

const LETTERS = Array.from("0123456789.,'_eEdDkx+-:%/ \u00a0");

/** One of the forms with random digits, or anything of letters that numbers are made of. */
export function oddToken(random: Random): string {
  if (random.integer(5) === 0)
    return Array.from({ length: 1 + random.integer(10) }, () => pick(LETTERS, random)).join('');
  return pick(FORMS, random)
    .replace(/D(?=D-03)/, () => String(random.integer(1000)))
    .replace(/D(?!-03)/g, () => String(1 + random.integer(pick([10, 1000, 1e6], random))))
    .replace(/G(?!B)/g, () => String(random.integer(1000)).padStart(3, '0'));
}
