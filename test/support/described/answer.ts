/** The output and exit status of a described command. */
export interface Answer {
  stdout?: string;
  stderr?: string;
  exitCode: number;
}

export const done = (stdout = ''): Answer => ({ stdout, exitCode: 0 });
export const failed = (stderr: string, exitCode = 1): Answer => ({ stderr: `${stderr}\n`, exitCode });
