/**
 * Makes a report fit to be published: no names of hosts, users or paths, no addresses, no ids of boots or
 * processes. Works on the values, before any format is written, and replaces a name by the same stand-in
 * everywhere, so that the report stays readable. What describes the quality of the figures stays: versions,
 * models, modes.
 */
import type { Gate } from '../gate/gate.ts';
import type { Results } from '../compare/results.ts';

/** Names that are known, and could not be recognised by their form. */
export interface Secrets {
  hosts: readonly string[];
  users: readonly string[];
  /** Texts that are replaced wherever they occur: directories, tokens. */
  texts: readonly string[];
}

export type Redact = (text: string) => string;

/** The same on every machine, so not secret. */
const COMMON = new Set(['root', 'localhost', '']);
/** Shorter names are too often part of something else; they are replaced as whole words only. */
const SHORTEST = 3;

/** The start of a colour: as sent to a terminal, as made printable, and as written in text. */
const CONTROL = String.raw`(?:(?:[\x1b\u241b]|\\(?:e|x1b|0?33|u001b))\[|\x9b|<U\+0*9B>)[0-?]{0,30}`;
/** An escape for a character in quoted YAML or shell text. */
const ESCAPED = String.raw`\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U000[0-9a-f]{5}|0?33|[abefnprtvl0_])`;
/**
 * The start of a word: not after such an escape, but always after a colour or escape that ends in a letter.
 */
const after = (characters: string) =>
  String.raw`(?:(?<![${characters}])|(?<=${CONTROL}[@-~])|(?<=${ESCAPED}))`;
/** After the letter of an option, as in -I/path. */
const OPTION = String.raw`(?<=(?<![\p{L}\p{N}_-])-(?:[a-z]|isystem|include|iquote|idirafter|isysroot))`;

/**
 * By form, in order of priority: of two matches at the same position, the first wins. Each takes linear time.
 */
const FORMS = {
  url: String.raw`${after('a-z')}[a-z][a-z+.-]{0,20}:\/\/[^\s"'<>\\\x1b\u241b]+`,
  account: String.raw`${after(String.raw`\w.+-`)}[\w.+-]+@[\w-]+(?:\.[\w-]+)*`,
  hostname: [
    String.raw`(?<=\b(?:resolve hostname|connect to host) )[^\s:]+`,
    String.raw`${after('0-9a-z')}ip(?:-\d{1,3}){4}(?![0-9a-z])(?:\.[\w-]+)*`,
  ].join('|'),
  member: String.raw`(?<=(?:[ug]id=|groups=(?:[^\n]{0,1000},)?)\d{1,10}\()[^()\n]{1,80}(?=\))`,
  id: String.raw`${after('0-9a-z')}[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])`,
  mac: [
    String.raw`${after('0-9a-z:')}(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-z:])`,
    String.raw`${after('0-9a-z-')}(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?![0-9a-z-])`,
  ].join('|'),
  serial: String.raw`(?<=(?:serial(?:[ _-]?(?:number|num|no\.?|short))?|s\/n|uuid)["']?[ \t]{0,60}[:=][ \t]{0,60}["']?)(?!(?:GPU|MIG)-)(?=[\w.:\/-]{0,40}\d)\w[\w.:\/-]{4,}`,
  address: [
    String.raw`${after(String.raw`\d.`)}(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)`,
    String.raw`${after('0-9a-z:')}(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9a-z:])`,
    String.raw`${after(String.raw`\w:`)}(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?:(?<=\d)\.\d+\.\d+\.\d+)?(?:%\w+)?(?![\w:])`,
  ].join('|'),
  hex: String.raw`${after('0-9a-z.')}(?:0x)?[0-9a-f]{16,}(?![0-9a-z])`,
  process: String.raw`(?<=${after(String.raw`\w`)}(?:pids?|process(?:es)?)[ :=#]{1,3})\d+|(?<=[\w\]] )\(\d{2,7}\)`,
} as const;

/** What continues a path, up to the end of a word in a shell or a sentence. */
const FURTHER = String.raw`(?:\\ |[^\s"'\x60|<>&;:,(){}[\]\\$*?=!#\x1b\u241b])`;
const HOME = String.raw`(?:~[\w.-]*)?`;
/** From the root or a home directory. */
const PATH = String.raw`(?:${after(String.raw`\p{L}\p{N}_/.)\]}~-`)}|${OPTION})${HOME}\/${FURTHER}+|${after(String.raw`\S`)}~[\w-]+`;
/** Paths that are the same on every machine. */
const EVERYWHERE = /^\/(?:dev(?!\/shm)|sys|proc|bin|sbin|lib|lib64|usr\/(?:bin|sbin|lib|libexec))(?:\/|$)/;
/** One with spaces, up to its closing quote on the same line. */
const QUOTED = ['"', "'"]
  .map(
    (quote) =>
      String.raw`(?<=${quote})(?!${EVERYWHERE.source.slice(1)})${HOME}\/(?=[^${quote}\n]* )(?:[^${quote}\n\\]|\\[^${quote}nr\n])+(?=\\?${quote})`,
  )
  .join('|');

/**
 * Stand-ins for everything secret in a text. Pure except for remembering names, which keep their stand-ins.
 */
export function redactor({ hosts, users, texts }: Secrets): Redact {
  const standIns = new Map<string, string>();
  const counts = new Map<string, number>();
  const standIn = (kind: string, name: string): string => {
    const known = standIns.get(name.toLowerCase());
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    standIns.set(name.toLowerCase(), `${kind}-${count}`);
    return `${kind}-${count}`;
  };
  const secret = (name: string) => !COMMON.has(name.toLowerCase());
  for (const host of hosts.filter(secret)) standIn('host', host);
  for (const user of users.filter(secret)) standIn('user', user);
  const names = new Set([...hosts, ...users].filter(secret));
  const hostIn = (text: string) => (secret(text) ? standIn('host', text) : text);
  const userIn = (text: string) => (secret(text) ? standIn('user', text) : text);

  const word = oneOf([...names]);
  const inPaths = patternOf({
    literal: oneOf(texts, (text) => (text.startsWith('/') ? `(?:/${FURTHER}*)?` : '')),
    ...FORMS,
    word,
    // Skipped, so that no match starts at its end, unless a name starts there.
    escape: [`${CONTROL}${unless(word)}[@-~]`, `${unless(word, String.raw`\\`)}${ESCAPED}`].join('|'),
  });
  const anywhere = new RegExp(`(?<quoted>${QUOTED})|${inPaths.source}|(?<path>${PATH})`, inPaths.flags);
  const replace = (text: string, pattern: RegExp): string =>
    text.replace(pattern, (...found: unknown[]) => {
      const groups = Object.entries(found.at(-1) as Record<string, string | undefined>);
      const [kind = '', match = ''] = groups.find(([, one]) => one !== undefined) ?? [];
      return insteadOf(kind, match);
    });
  const insteadOf = (kind: string, match: string): string => {
    switch (kind) {
      case 'url': {
        const [, scheme = '', place = ''] = /^([^:]+:\/\/)(?:[^/@]*@)?([^/:?#]*)/.exec(match) ?? [];
        return `${scheme}${hostIn(place)}`;
      }
      case 'account': {
        const [user = '', host = ''] = match.split('@');
        return `${userIn(user)}@${hostIn(host)}`;
      }
      case 'hostname':
        return hostIn(match);
      case 'member':
        return userIn(match);
      case 'escape':
        return match;
      case 'process':
        return match.startsWith('(') ? '(PID)' : 'PID';
      case 'path':
        return EVERYWHERE.test(match)
          ? replace(match.replace(/^\/proc\/\d+/, '/proc/PID'), inPaths)
          : standIn('path', match);
      case 'quoted':
        return standIn('path', match);
      case 'literal':
        return standIn(match.startsWith('/') ? 'path' : 'text', match);
      case 'address':
        return match === '::' ? match : standIn('address', match);
      default:
        return standIn(kind, match);
    }
  };
  return (text) => (names.has(text) ? (standIns.get(text.toLowerCase()) ?? text) : replace(text, anywhere));
}

/** A pattern of named alternatives, without empty ones. */
function patternOf(parts: Readonly<Record<string, string>>): RegExp {
  const given = Object.entries(parts).filter(([, pattern]) => pattern !== '');
  return new RegExp(given.map(([name, pattern]) => `(?<${name}>${pattern})`).join('|'), 'giu');
}

const unless = (pattern: string, behind = '') => (pattern === '' ? '' : `(?!${behind}${pattern})`);

/** Any of these as a whole word, with what belongs to it; of two, the longer. */
function oneOf(texts: readonly string[], more: (text: string) => string = () => ''): string {
  const long = texts.filter(({ length }) => length >= SHORTEST).toSorted((a, b) => b.length - a.length);
  if (long.length === 0) return '';
  const any = long.map((text) => `${text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}${more(text)}`);
  return String.raw`(?:${after(String.raw`\p{L}\p{N}`)}|${OPTION}(?=[~/]))(?:${any.join('|')})(?![\p{L}\p{N}])`;
}

/** Words of the format, and times. */
const KEPT = new Set([
  ...['better', 'verdict', 'kind', 'when', 'outcome', 'endReason', 'per', 'use', 'code', 'unit'],
  ...['wall', 'started', 'ended'],
]);
/** Objects whose keys are names. */
const NAMED = new Set([
  ...[
    'modes',
    'workloads',
    'phases',
    'crossings',
    'hypercalls',
    'guests',
    'fingerprint',
    'versions',
    'counters',
  ],
  ...['environment', 'limits', 'labels'],
]);
/** Parts of an origin that are named by people, and can't be recognised by their form. */
const CHOSEN = new Set(['branch', 'job']);
/** Facts of a machine that are private. */
const WITHHELD = /cmdline|command.?line|serial|machine.?id|host.?name|node.?name/i;

export function redactResults(results: Results, redact: Redact): Results {
  return redacted(results, redact) as Results;
}

export function redactGate(gate: Gate, redact: Redact): Gate {
  return redacted(gate, redact) as Gate;
}

function redacted(value: unknown, redact: Redact, key = '', inside = ''): unknown {
  if (typeof value === 'string') {
    if (inside === 'fingerprint') return WITHHELD.test(key) ? 'withheld' : redact(value);
    if ((inside === 'origin' || inside === 'ci') && CHOSEN.has(key)) return 'withheld';
    return KEPT.has(key) ? value : redact(value);
  }
  // In an array, only strings inherit the name of its key.
  if (Array.isArray(value))
    return value.map((one) => redacted(one, redact, typeof one === 'string' ? key : '', inside));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      NAMED.has(key) ? redact(name) : name,
      redacted(one, redact, name, key),
    ]),
  );
}

/** What is withheld, to be found elsewhere, too: whole, and the longer words of what targets told of themselves. */
export function withheldIn({
  environment,
  nodes,
  origin,
}: Pick<Results, 'environment' | 'nodes' | 'origin'>): string[] {
  const chosen = [origin?.branch, origin?.ci?.job].filter((name) => name !== undefined);
  return [...environment, ...(nodes?.nodes.flatMap((node) => node.environment) ?? [])]
    .flatMap(({ fingerprint }) => Object.entries(fingerprint))
    .filter(([name]) => WITHHELD.test(name))
    .flatMap(([, line]) => [line, ...line.split(/\s+/).filter((word) => word.length >= LONG_WORD)])
    .concat(chosen.filter((name) => name.length >= LONG_WORD));
}

/** A word of a command line that says nothing about its machine is seldom as long. */
const LONG_WORD = 10;
