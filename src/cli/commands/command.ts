import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** Takes the exit code of a command: of the table, but for `lab ssh`, which has the remote command's. */
export type Exit = (code: number) => void;

/**
 * A command: its arguments, its options, and one call. What it calls is imported when it is called: charts and their
 * canvas cost half a second.
 */
export type MakeCommand = (exit: Exit) => CommandUnknownOpts;
