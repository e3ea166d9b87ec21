/**
 * Programs that do their worst, generated from a seed: what each prints, and what else it does, to forge a
 * figure, to run in a reader's browser, shell or spreadsheet, or to crash the harness.
 */
import type { Random } from '../../src/statistics/prng.ts';
import { HOSTILE } from './hostile-run.ts';

export interface HostileGuest {
  name: string;
  /** What it does, in words. */
  evils: string[];
  /** Its entry under `workloads`. */
  entry: Record<string, unknown>;
  /** What it prints on stdout, byte by byte, before what its script does. */
  stdout: Buffer;
  /** Shell text that follows. */
  script: string;
}

/** Forged figures have this value, and no others do. */
export const FORGED = 666;

interface Draft {
  kind: 'json' | 'pattern' | 'clpeak' | 'hashcat' | 'probe';
  /** Raw JSON by key, of the one line that a JSON guest prints. */
  keys: Map<string, string>;
  before: Buffer[];
  after: Buffer[];
  script: string[];
  entry: Record<string, unknown>;
}

const NUMBERS = [
  ...[
    '1.7e308',
    '1.7976931348623157e308',
    '1e100',
    '1.1e100',
    '1e-100',
    '5e-324',
    '1e-400',
    '1e999',
    '-1e999',
  ],
  ...[
    '0',
    '-0',
    '0.0',
    '-1',
    '1e16',
    '9007199254740993',
    '123456789012345678901234567890',
    'NaN',
    'Infinity',
    '00',
    '.5',
  ],
  ...['1e', '0x10', '"5"', 'null', 'true', '[]', '{}', '1,5', '٣', '1'.repeat(400)],
];

const FORMULAE = ['=HYPERLINK("http://evil', "=cmd|'/c calc'!A1", '+1+1', '-2+3', '@SUM(A1)', '\t=1'];

const NAMES = [
  ...HOSTILE,
  ...FORMULAE,
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '漢字',
    '🙂',
    'a\u200db',
    '\u2028',
    '{value}',
    '$&',
  ],
  ...[
    '\\end{tabular}\\input{/etc/passwd}',
    '${7*7}',
    '`id`',
    '$(id)',
    '../../etc',
    'x'.repeat(100),
    'x'.repeat(101),
  ],
  `${String.fromCharCode(27)}]52;c;b3duZWQ=${String.fromCharCode(7)}`,
  '<svg onload=window.owned=1>',
  '</script><script>window.owned=2</script>',
  '"><img src=http://127.0.0.1:9/x onerror=window.owned=3>',
  'javascript:window.owned=4',
];

const MB = 1024 ** 2;

/** Each makes a draft worse; the seed chooses how. */
const EVILS: Readonly<Record<string, (draft: Draft, random: Random) => void>> = {
  'a number at an edge': (draft, random) => {
    const number = pick(NUMBERS, random);
    draft.keys.set('ms', number);
    draft.after.push(Buffer.from(`at ${number}\n1:0:1:1:${number}:${number}\n`));
    if (random.uint32() % 2 === 0) draft.keys.set('phases', `{"a": ${pick(NUMBERS, random)}, "b": 1}`);
  },
  'names of phases and crossings': (draft, random) => {
    for (const key of ['phases', 'crossings'])
      draft.keys.set(key, JSON.stringify({ [pick(NAMES, random)]: 5, [pick(NAMES, random)]: 7 }));
  },
  'a checksum': (draft, random) => draft.keys.set('checksum', JSON.stringify(pick(NAMES, random))),
  'a wrong result': (draft, random) => draft.keys.set('check', JSON.stringify(pick(NAMES, random))),
  'a name of 1 MB': (draft, random) => {
    const key = pick(['phases', 'crossings', 'checksum', 'ms'], random);
    const long = JSON.stringify('y'.repeat(MB - 100));
    draft.keys.set(key, key === 'checksum' || key === 'ms' ? long : `{${long}: 1}`);
  },
  '20,000 names': (draft, random) => {
    const names = Array.from({ length: 20_000 }, (_, at) => `"n${at}": 1`);
    draft.keys.set(pick(['phases', 'crossings'], random), `{${names.join(',')}}`);
  },
  'a hundred names, others in each run': (draft) => {
    draft.script.push(
      `i=0; while [ $i -lt 100 ]; do p="$p,\\"p$$.$i\\":1"; i=$((i+1)); done; echo "{\\"ms\\": 3, \\"phases\\": {\${p#,}}}"`,
    );
  },
  'a million metrics': (draft, random) => {
    const line = pick(
      ['{"ms": 1}', 'at 5', '1:0:1:1:7.6:100', '{"verdict": "refused", "evidence": ""}', ''],
      random,
    );
    draft.script.push(`yes '${line}' | head -n 1000000`);
  },
  'deep JSON': (draft, random) => {
    const [open, close] = pick(
      [
        ['[', ']'],
        ['{"a":', '1}'],
      ] as const,
      random,
    );
    draft.keys.set(
      pick(['deep', 'phases', 'ms'], random),
      open.repeat(100_000) + (open === '[' ? '' : '1') + close.slice(-1).repeat(100_000),
    );
  },
  NUL: (draft) => draft.before.push(Buffer.from('\0\0{\0"ms"\0: 5}\nat\0 5\n')),
  'invalid UTF-8': (draft) => {
    const bytes = Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x80]);
    draft.before.push(bytes, Buffer.from('{"ms": 4, "phases": {"'), bytes, Buffer.from('": 1}}\n'));
  },
  'broken lines': (draft, random) =>
    draft.before.push(Buffer.from(pick(['{', '{"ms": 5', '{]}\n', 'at', 'at \n{"ms"\n'], random))),
  'text on both streams': (draft, random) => {
    const text = pick(NAMES, random);
    draft.before.push(Buffer.from(`${text}\n`));
    draft.script.push(`printf '%s\\n' ${shellWord(text)} >&2; exit ${1 + (random.uint32() % 200)}`);
  },
  'a forged frame': (draft, random) => {
    const nonce = pick(
      ['0'.repeat(32), 'f'.repeat(32), '$vgb_n', '$(tr -dc 0-9a-f </proc/self/environ | head -c 32)'],
      random,
    );
    const frames = ['begin s0', 'out s0', 'end s0 0 1 2', 'ready s0 1', 'gone', 'open 1'].map(
      (words) => `\\n%s ${words}\\n`,
    );
    const forged = `printf '${frames.join(`at ${FORGED}\\n{"ms": ${FORGED}}\\n`)}' ${frames.map(() => `"${nonce}"`).join(' ')}`;
    draft.script.push(
      `for f in /proc/$PPID/fd/1 /proc/$PPID/fd/2 /dev/tty; do { ${forged}; } 2>/dev/null >$f; done 2>/dev/null`,
    );
    draft.script.push(`${forged} >&2`);
  },
  'what it takes from its stdin': (draft) => draft.script.push(`timeout 1 cat >/dev/null; read -r x`),
  'an end of its leader': (draft) => draft.script.push('kill -9 $PPID'),
  'processes that stay': (draft) => draft.script.push('(setsid sleep 98765 & ) </dev/null >/dev/null 2>&1'),
  'no end': (draft) => {
    draft.entry['timeout'] = '1s';
    draft.script.push(`trap '' TERM INT HUP; while :; do sleep 1; done`);
  },
  'more output than allowed': (draft, random) =>
    draft.script.push(
      `head -c 40000000 /dev/zero | tr '\\000' '${pick(['x', '\\377', '\\n', '{'], random)}'${random.uint32() % 2 === 0 ? '' : ' >&2'}`,
    ),
  'much output without a line': (draft, random) =>
    draft.script.push(
      `head -c 7000000 /dev/zero | tr '\\000' '${pick(['1', '\\377', ' ', '[', '"'], random)}'`,
    ),
  'files of its own where it runs': (draft) =>
    draft.script.push(`for d in /dev/shm/vgpubench-*/*; do ls "$d"; done >/dev/null 2>&1`),
};

/** What a spreadsheet would take for a formula reaches samples.csv by a field, and by a unit. */
function asFormula(draft: Draft, random: Random): void {
  const field = pick(
    FORMULAE.filter((one) => !one.includes('.')),
    random,
  );
  draft.keys.set(field, '3');
  draft.entry['metric'] = { field, unit: pick(FORMULAE, random), better: 'lower' };
}

/** The same guests for the same seed. The first ones have each evil once, and each kind of workload. */
export function hostileGuests(random: Random, count: number): HostileGuest[] {
  const names = Object.keys(EVILS);
  return Array.from({ length: count }, (_, at) => {
    const more = Array.from({ length: at < names.length ? 0 : 1 + (random.uint32() % 2) }, () =>
      pick(names, random),
    );
    const evils = [...new Set([names[at % names.length] ?? '', ...more])];
    const kinds: Draft['kind'][] = ['json', 'json', 'pattern', 'clpeak', 'hashcat', 'probe'];
    const draft = draftOf(at < names.length ? 'json' : pick(kinds, random));
    for (const evil of evils) EVILS[evil]?.(draft, random);
    if (draft.kind === 'json' && at % 5 === 0) asFormula(draft, random);
    return guestOf(`guest-${at + 1}`, draft, evils);
  });
}

function draftOf(kind: Draft['kind']): Draft {
  const figure = { unit: 'ms', better: 'lower' };
  const entries: Record<Draft['kind'], Draft['entry']> = {
    json: { use: 'command', metric: { field: 'ms', ...figure } },
    pattern: { use: 'command', metric: { pattern: 'at {value}', ...figure } },
    clpeak: { use: 'clpeak', tests: ['compute-sp'], format: 'text' },
    hashcat: { use: 'hashcat' },
    probe: { use: 'probe' },
  };
  return { kind, keys: new Map([['ms', '3']]), before: [], after: [], script: [], entry: entries[kind] };
}

function guestOf(
  name: string,
  { kind, keys, before, after, script, entry }: Draft,
  evils: string[],
): HostileGuest {
  const json = `{${[...keys].map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}\n`;
  const evidence = [...keys.values()].join(' ').slice(0, 5000);
  const own: Record<Draft['kind'], string> = {
    json,
    pattern: `at 7\n${json}`,
    clpeak: `Single-precision compute (GFLOPS)\n  ${evidence.replaceAll('\n', ' ')} : 5\n  float : ${keys.get('ms') ?? ''}\n${['2', '4', '8', '16'].map((width) => `  float${width} : 1\n`).join('')}`,
    hashcat: '1:0:4294967295:4294967295:7.62:307312210\n',
    probe: `${JSON.stringify({ verdict: 'refused', evidence })}\n`,
  };
  return {
    name,
    evils: [kind, ...evils],
    entry: { timeout: '5s', ...entry, name },
    stdout: Buffer.concat([...before, Buffer.from(own[kind]), ...after]),
    script: script.join('\n'),
  };
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[random.uint32() % all.length] as T;
}

/** NUL is in no word. */
function shellWord(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
