/**
 * Converts lines of format 1 to format 2. In format 1 a completed trial that was later found void ended
 * twice; scratch directories were not recorded.
 *
 * @returns a function that converts one line's value after another, in the journal's order; lines of other
 * formats are
 *   returned unchanged.
 */
export function moderniser(): (line: unknown) => unknown {
  const completed = new Map<unknown, unknown>();
  return (line) => {
    if (!isFormat1(line)) return line;
    const event = { ...line, v: 2 };
    if (line['type'] === 'target-ready') return { ...event, scratch: null };
    if (line['type'] !== 'trial-ended') return event;
    const { trial, attempt, atMs, wall } = line;
    const { kind, reason } = (line['outcome'] ?? {}) as { kind?: unknown; reason?: unknown };
    if (kind === 'completed') completed.set(trial, attempt);
    const again = kind === 'void' && completed.get(trial) === attempt;
    return again ? { v: 2, atMs, wall, type: 'trial-voided', trial, attempt, reason } : event;
  };
}

function isFormat1(line: unknown): line is Record<string, unknown> {
  return typeof line === 'object' && line !== null && 'v' in line && line.v === 1;
}
