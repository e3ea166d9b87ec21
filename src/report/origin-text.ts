import type { Results } from '../compare/results.ts';

/** What a run was made from, in a sentence; none where nothing is known. An address is told, and is no link: it is anybody’s text. */
export function originLine({ origin }: Pick<Results, 'origin'>): string[] {
  if (origin === undefined) return [];
  const { commit, branch, dirty, ci, labels = {} } = origin;
  const on = branch === undefined ? '' : ` on branch ${branch}`;
  const changed = dirty === true ? ', with changes that were not committed' : '';
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
