/** Whether the programs that an experiment’s modes, workloads and hosts need can be run on a target. */
import type { Experiment } from '../experiment/schema.ts';
import { type NeedHere, locate, needsAt } from '../measure/needs.ts';
import type { Target } from '../target/target.ts';
import { type Examined, type Look, amiss, fine } from '../words/examined.ts';
import { quote } from '../words/quote.ts';

/** Debian’s packages of the programs that we need ourselves. */
const PACKAGES: Readonly<Record<string, string>> = {
  xl: 'xen-utils-common',
  'xenstore-read': 'xenstore-utils',
  'xenstore-write': 'xenstore-utils',
  'xenstore-chmod': 'xenstore-utils',
  'xenstore-rm': 'xenstore-utils',
  modprobe: 'kmod',
  timeout: 'coreutils',
};

/** One request, and another one if a program is missing. @throws LinkLost */
export async function lookAtPrograms(target: Target, experiment: Experiment): Promise<Examined[]> {
  const needs = needsAt(target.name, experiment);
  const found = await locate(target, needs);
  const missing = needs.filter((_, index) => found[index] === undefined);
  const whys = missing.length === 0 ? [] : (await target.run(missing.map(why).join('\n'))).stdout.split('\n');
  return needs.map((need, index) => {
    const path = found[index];
    const look =
      path === undefined
        ? lacking(target.name, need, whys[missing.indexOf(need)]?.trim() ?? '')
        : fine(need.what, path);
    return { target: target.name, ...look };
  });
}

/**
 * Prints one line: that its directory is missing, that it is not executable, that apt-get has it, or that it
 * is missing.
 */
function why({ program, directory }: NeedHere): string {
  const name = quote(program);
  const cd = directory === undefined ? ':' : `cd ${quote(directory)} 2>/dev/null`;
  return `( ${cd} || { echo directory; exit; }
case ${name} in
*/*) [ ! -f ${name} ] || { echo mode "$(readlink -f ${name})"; exit; } ;;
*) IFS=:; for vgb_d in $PATH; do [ ! -f "$vgb_d"/${name} ] || { echo mode "$vgb_d"/${name}; exit; }; done ;;
esac
command -v apt-get >/dev/null && echo apt || echo none )`;
}

function lacking(on: string, { what, program, directory, of }: NeedHere, why: string): Look {
  if (why === 'directory') {
    const key = 'workload' in of ? `workloads.${of.workload}.directory` : undefined;
    const found = `no directory ${directory ?? ''}, in which ${program} is to be run`;
    return key === undefined
      ? amiss(what, found, `create it on ${on}`)
      : amiss(what, found, `create it on ${on}, or correct`, { key, value: undefined });
  }
  if (why.startsWith('mode ')) {
    const path = why.slice('mode '.length);
    return amiss(what, `${path} is not executable`, 'make it executable', {
      on,
      run: `chmod +x ${quote(path)}`,
    });
  }
  const found = `no program ${program}`;
  const from = PACKAGES[program];
  if (from === undefined || why !== 'apt')
    return amiss(what, found, `install it on ${on}, or correct its path in the experiment file`);
  return amiss(what, found, 'install it', { on, run: `apt-get install -y ${from}` });
}
