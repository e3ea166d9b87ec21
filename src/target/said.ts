/** A script's output in lines `KEY TEXT`: the texts of one key, in order. */
export function saidOf(stdout: string, key: string): string[] {
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
}
