/**
 * Whether lines stand where they were written. Each tells its place in the journal, from 1, so that whole lines that are
 * doubled, gone or moved are found out; those of an older vgpubench tell none, and are counted.
 */
export class LineOrder {
  #next = 1;

  /** A line that can't be read; it was one line, as far as can be known. */
  passOver(): void {
    this.#next++;
  }

  /** The place that was due, where the line tells another; undefined where all is well. */
  misplaced(seq: number | undefined): number | undefined {
    const due = this.#next;
    // After one that is gone, the order goes on from there; one from before is no place to go on from.
    this.#next = Math.max(due, seq ?? due) + (seq === undefined || seq >= due ? 1 : 0);
    return seq === undefined || seq === due ? undefined : due;
  }
}
