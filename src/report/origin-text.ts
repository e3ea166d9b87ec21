import type { Results } from '../compare/results.ts';

/**
 * What a run measured, in a sentence; empty if nothing is known. An address is shown as text and not as a
 * link, because anybody may have set it.
 */
export function originLine({ origin }: Pick<Results, 'origin'>): string[] {
  if (origin === undefined) return [];
  const { commit, branch, dirty, ci, labels = {} } = origin;
  const on = branch === undefined ? '' : ` on branch ${branch}`;
  const changed = dirty === true ? ', with uncommitted changes' : '';
  const parts = [
    ...(commit === undefined
      ? branch === undefined
        ? []
        : [`branch ${branch}`]
      : [`commit ${commit}${on}${changed}`]),
    ...(ci === undefined
      ? []
      : [[ci.system, ...jobWords(ci.job), ...(ci.url === undefined ? [] : [ci.url])].join(' ')]),
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  ];
  return [`made from ${parts.join('; ')}`];
}

function jobWords(job: string | undefined): string[] {
  return job === undefined ? [] : [`job ${job}`];
}
