/**
 * Numbers by position, appended in order; NaN for missing ones. Eight bytes each, because a run may have a
 * million.
 */
export class Column {
  #values = new Float64Array(4);
  #length = 0;

  /** @param index at or beyond the column's end: positions in between are NaN. */
  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const wider = new Float64Array(Math.max(2 * this.#values.length, index + 1));
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values.fill(Number.NaN, this.#length, index);
    this.#values[index] = value;
    this.#length = index + 1;
  }

  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? Number.NaN) : Number.NaN;
  }
}
