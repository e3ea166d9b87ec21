import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/**
 * Receives the exit code of a command, from the table of exit codes; `lab ssh` passes on that of the remote
 * command.
 */
export type Exit = (code: number) => void;

/**
 * A command: its arguments, its options, and one call. What it calls is imported only then, because charts
 * and their canvas take half a second to load.
 */
export type MakeCommand = (exit: Exit) => CommandUnknownOpts;
