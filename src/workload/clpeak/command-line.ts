import { quote } from '../../words/quote.ts';
import type { ClpeakSpec } from './kind.ts';

/** The options of each version. 2.x exits on any unknown option, which includes all but one of 1.x's. */
const OPTIONS_OF_2: Readonly<Record<ClpeakSpec['tests'][number], string>> = {
  'global-bandwidth': '--global-memory-bandwidth',
  'compute-sp': '--single-precision-compute',
  'compute-dp': '--double-precision-compute',
  'compute-integer': '--integer-compute',
  'compute-intfast': '--integer-compute-fast',
  'transfer-bandwidth': '--transfer-bandwidth',
  'kernel-latency': '--kernel-launch-latency',
};

/** How to recognise a version, by its own help: the version that a build reports is less reliable. */
const IN_1 = '--global-bandwidth';
const IN_2 = OPTIONS_OF_2['global-bandwidth'];

/** A limit on help, because the program asked may be anything. */
const LONGEST_HELP = 65_536;

/**
 * The command line, for a POSIX shell: it asks the program which version's options it takes, and then runs
 * it. A program that answers neither is run as well, so that its exit status shows what is wrong, such as a
 * missing program.
 */
export function commandLine(spec: ClpeakSpec): string {
  const [known, then, otherwise] = {
    // Replaces the shell: a wrapper such as cpulimit or taskset then acts on the program itself.
    text: [IN_2, `exec ${run(spec, 2)}`, `exec ${run(spec, 1)}`],
    xml: [
      IN_2,
      refusal('this is clpeak 2.x, whose XML has another format: use format: json or text'),
      withFile(run(spec, 1), '--xml-file'),
    ],
    json: [
      IN_1,
      refusal('this is clpeak 1.x, which has no JSON: use format: xml or text'),
      withFile(run(spec, 2), '--json-file'),
    ],
  }[spec.format];
  return `case $(${quote(spec.path)} --help | head -c ${LONGEST_HELP}) in *${known}*) ${then};; *) ${otherwise};; esac`;
}

function run({ path, platform, device, tests }: ClpeakSpec, version: 1 | 2): string {
  const [platforms, devices] = version === 1 ? ['-p', '-d'] : ['--cl-platform', '--cl-device'];
  return [
    // Before 2.1, figures use the locale's decimal mark.
    'env LC_ALL=C',
    quote(path),
    ...(version === 1 ? [] : ['--opencl']),
    ...(platform === undefined ? [] : [platforms, String(platform)]),
    ...(device === undefined ? [] : [devices, String(device)]),
    ...tests.map((test) => (version === 1 ? `--${test}` : OPTIONS_OF_2[test])),
  ].join(' ');
}

/** clpeak writes its report to a file; on stdout it would be mixed with the text. */
function withFile(command: string, option: string): string {
  return `f=$(mktemp) && ${command} ${option} "$f" >/dev/null; r=$?; cat "$f"; rm -f "$f"; exit $r`;
}

function refusal(words: string): string {
  return `echo ${quote(words)} >&2; exit 2`;
}
