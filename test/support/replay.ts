/** An experiment with given figures: the n-th run of a mode prints the figure of its block. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Replay {
  /** The target. */
  ssh: string;
  config: string;
  blocks: number;
  /** Shell words for the first block that is run there, and the distance to the next. */
  first: string | number;
  step: string | number;
  /** A shell word for where runs are counted, different for each run of vgpubench. */
  counter?: string;
  /** How long each takes, in s. */
  seconds?: number;
}

/**
 * Writes FOLDER/NAME.yaml, and its program. All experiments of a folder have the same text except for their
 * targets, because shards of one run do: what distinguishes them is a file in the environment of the target’s
 * login.
 * @returns the file’s name
 */
export function replayExperiment(folder: string, name: string, replay: Replay): string {
  const { ssh, config, blocks, first, step, counter = name, seconds = 0 } = replay;
  mkdirSync(join(folder, 'counted'), { recursive: true });
  writeFileSync(join(folder, 'replay.sh'), PROGRAM);
  writeFileSync(
    join(folder, 'replay.env'),
    `FIRST=${first}; STEP=${step}; COUNTER=${counter}; SECONDS_EACH=${seconds}\n`,
  );
  const file = `${name}.yaml`;
  writeFileSync(
    join(folder, file),
    `name: replay
baseline: native
targets: { a: { ssh: ${ssh}, config: ${config} } }
modes:
  native: { use: custom, on: a, environment: { MODE: native } }
  virtual: { use: custom, on: a, environment: { MODE: virtual } }
workloads:
  - { use: command, name: work, run: sh ${join(folder, 'replay.sh')}, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: { blocks: ${blocks}, seed: 5, warmup: 0, samples: 1 }
limits: { trial: 60s }
`,
  );
  return file;
}

/** Figures scatter by a few percent, identically for the same block and mode. */
const PROGRAM = `cd "$(dirname "$0")" && . ./replay.env
file=counted/$COUNTER.$MODE
echo run >>"$file"
block=$((FIRST + ($(wc -l <"$file") - 1) * STEP))
[ "$SECONDS_EACH" = 0 ] || sleep "$SECONDS_EACH"
case $MODE in native) base=1000 ;; *) base=800 ;; esac
echo "speed: $((base + block * 7919 % 23 + base / 100 * (block % 3)))"
`;
