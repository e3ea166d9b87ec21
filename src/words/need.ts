/** A program that has to be on a target, wherever the shell there finds programs. */
export interface Need {
  at: 'guest' | 'host';
  program: string;
  /** Where it is run; the login directory by default. */
  directory?: string | undefined;
  /** It begins a command line of the user’s, who may know better: doctor asks for it, and a run takes its chance. */
  ofUser?: boolean;
}

/** A word that no shell would make another of. */
export const PLAIN_WORD = /^[A-Za-z0-9_./+-]+$/;

/** The program that a command line begins with: its first word that is no assignment; the shell's own where one is of a command's output. */
export function programOf(command: string): string {
  if (/^\s*([A-Za-z_]\w*=\S*\s+)*[A-Za-z_]\w*=\S*(\$\(|`)/.test(command)) return 'sh';
  return command.split(' ').find((word) => !/^[A-Za-z_]\w*=/.test(word)) ?? '';
}
