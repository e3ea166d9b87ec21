/** What a gate found, where a CI shows it: by the variables that the CI itself sets. */
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { githubAnnotations } from '../../export/github-annotations.ts';
import { gitlabFiles } from '../../export/gitlab.ts';
import type { Gate } from '../../gate/gate.ts';
import { messageOf } from '../../problem.ts';
import { tell } from './output.ts';

/** GitHub takes no more of a step’s summary, and then drops all of it. */
const MOST_SUMMARY_BYTES = 2 ** 20;

export interface Judged {
  gate: Gate;
  /** In Markdown. */
  summary: string;
  /** What the outcome is of, as a path in the repository: the experiment file where it is known. */
  location: string;
}

/** Annotations and a step’s summary on GitHub; a metrics and a code-quality report on GitLab; nothing elsewhere. */
export function showInCi({ gate, summary, location }: Judged, env = process.env): void {
  if (env['GITHUB_ACTIONS'] === 'true') {
    for (const line of githubAnnotations(gate)) tell(line);
    const path = env['GITHUB_STEP_SUMMARY'];
    if (path !== undefined && path !== '')
      attempt(path, () => {
        appendSummary(path, summary);
      });
  }
  if (env['GITLAB_CI'] === 'true')
    for (const { name, text } of gitlabFiles(gate, location))
      attempt(name, () => {
        writeFileSync(name, text);
        tell(`for GitLab: ${name}`);
      });
}

function appendSummary(path: string, summary: string): void {
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (before + Buffer.byteLength(summary) <= MOST_SUMMARY_BYTES) appendFileSync(path, summary);
  else
    tell(
      `the step’s summary has no room for this one: GitHub takes 1 MiB a step. It is in summary.md of the run`,
    );
}

/** The outcome stands without it. */
function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    tell(`not written for the CI: ${what} (${messageOf(error)})`);
  }
}
