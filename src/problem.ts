import type { ExitCode } from './exit-code.ts';

/**
 * What a user is told when something can't be done: a stable code to search for, what was expected, what was
 * found, and what to do next. `exitCode` follows the table of `vgpubench --help`.
 */
export interface ProblemText {
  /** Stable and searchable, e.g. `VGB-EXPERIMENT`. */
  code: string;
  /** One line that says what went wrong, and with what. */
  message: string;
  /** Additional lines, indented under the message. */
  details?: string[] | undefined;
  expected?: string | undefined;
  found?: string | undefined;
  next?: string | undefined;
  exitCode?: ExitCode | undefined;
}

export class Problem extends Error {
  readonly code: string;
  readonly details: string[] | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly next: string | undefined;
  readonly exitCode: ExitCode;

  constructor(text: ProblemText, options?: ErrorOptions) {
    super(text.message, options);
    this.name = 'Problem';
    this.code = text.code;
    this.details = text.details;
    this.expected = text.expected;
    this.found = text.found;
    this.next = text.next;
    this.exitCode = text.exitCode ?? 2;
  }
}

/** The text of a problem over several lines, without colour. */
export function describeProblem(problem: ProblemText): string {
  const lines = [`${problem.message} [${problem.code}]`];
  for (const detail of problem.details ?? []) lines.push(...detail.split('\n').map((line) => `  ${line}`));
  if (problem.expected !== undefined) lines.push(`  expected: ${problem.expected}`);
  if (problem.found !== undefined) lines.push(`  found:    ${problem.found}`);
  if (problem.next !== undefined) lines.push(`  next:     ${problem.next}`);
  return lines.join('\n');
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
