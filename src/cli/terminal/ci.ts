/** Shows what a gate found in the CI, which is recognised by the variables it sets. */
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { githubAnnotations } from '../../export/github-annotations.ts';
import { gitlabFiles } from '../../export/gitlab.ts';
import type { Gate } from '../../gate/gate.ts';
import { messageOf } from '../../problem.ts';
import { tell } from './output.ts';

/** GitHub's limit for a step’s summary; it drops all of a longer one. */
const MOST_SUMMARY_BYTES = 2 ** 20;

export interface Judged {
  gate: Gate;
  /** The summary in Markdown. */
  summary: string;
  /** The file that the outcome is about, as a path in the repository: the experiment file if known. */
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
      `this summary does not fit the step’s summary: GitHub’s limit is 1 MiB per step. See summary.md in the run`,
    );
}

/** A failure here does not change the outcome. */
function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    tell(`could not write for the CI: ${what} (${messageOf(error)})`);
  }
}
