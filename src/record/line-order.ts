/**
 * Whether lines are where they were written. Each line contains its number, from 1, so that duplicated,
 * missing or moved lines are found; lines of an older vgpubench have none, and are counted.
 */
export class LineOrder {
  #next = 1;

  /** An unreadable line; it was one line, as far as can be known. */
  passOver(): void {
    this.#next++;
  }

  /** The expected number, if the line has another; undefined if it matches. */
  misplaced(seq: number | undefined): number | undefined {
    const due = this.#next;
    // After a missing line, the order continues from there; an earlier line is not a place to continue from.
    this.#next = Math.max(due, seq ?? due) + (seq === undefined || seq >= due ? 1 : 0);
    return seq === undefined || seq === due ? undefined : due;
  }
}
