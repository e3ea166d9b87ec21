/** Parts of a log that a CI's page can fold. */
export interface Folds {
  /** The lines that begin a part, with its visible title. Names are plain words. */
  open: (name: string, title: string) => string;
  close: (name: string) => string;
}

/** The folding marks of the CI that runs this job, recognised by its variables; undefined elsewhere. */
export function foldsOf(
  env: Readonly<Record<string, string | undefined>>,
  now: () => Date = () => new Date(),
): Folds | undefined {
  if (env['GITHUB_ACTIONS'] === 'true')
    return { open: (_, title) => `::group::${title}`, close: () => '::endgroup::' };
  if (env['GITLAB_CI'] !== 'true') return undefined;
  const seconds = () => Math.floor(now().getTime() / 1000);
  return {
    open: (name, title) => `\u001b[0Ksection_start:${seconds()}:${name}[collapsed=true]\r\u001b[0K${title}`,
    close: (name) => `\u001b[0Ksection_end:${seconds()}:${name}\r\u001b[0K`,
  };
}
