/** An interval for a reader, from end to end; `none` if there are too few blocks for one. */
export function intervalWords(
  low: number | null,
  high: number | null,
  words: (value: number) => string,
  none = 'none',
): string {
  return low === null || high === null ? none : `${words(low)} to ${words(high)}`;
}
