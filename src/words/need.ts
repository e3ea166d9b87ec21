/** A program that must be on a target, wherever the shell there finds programs. */
export interface Need {
  at: 'guest' | 'host';
  program: string;
  /** The directory to run in; the login directory by default. */
  directory?: string | undefined;
  /**
   * It begins a user's command line, which may work anyway: doctor checks for it, but a run tries regardless.
   */
  ofUser?: boolean;
}

/** A word that no shell would expand. */
export const PLAIN_WORD = /^[A-Za-z0-9_./+-]+$/;

/**
 * The program with which a command line begins: its first word that is not an assignment; none if the word is
 * a command's output.
 */
export function programOf(command: string): string {
  if (/^\s*([A-Za-z_]\w*=\S*\s+)*[A-Za-z_]\w*=\S*(\$\(|`)/.test(command)) return 'sh';
  return command.split(' ').find((word) => !/^[A-Za-z_]\w*=/.test(word)) ?? '';
}
