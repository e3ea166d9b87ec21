/** Something that went wrong and was dealt with, in a line. */
export function incidentWords({ kind, text }: { kind: string; text: string }): string {
  return `${kind}: ${text}`;
}

/** `1 incident`, `2 incidents`. */
export function incidentCount(count: number): string {
  return `${count} incident${count === 1 ? '' : 's'}`;
}
