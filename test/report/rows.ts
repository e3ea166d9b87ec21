/** What stands in a page, as text. */
export const wordsOf = (text: string) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The cells of every row of every table but their heads. */
export function rowsOf({ text }: { text: string }): string[][] {
  return [...text.matchAll(/<tr>([\s\S]*?)<\/tr>/g)]
    .map(([, row = '']) =>
      [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => wordsOf(cell)),
    )
    .filter((cells) => cells.length > 0);
}
