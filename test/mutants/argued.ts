/** Survivors that no test is to kill, each with the reason why: argued.json. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Mutant } from './mutations.ts';

const argument = z.strictObject({
  file: z.string(),
  /** The whole line, without the space around it. */
  line: z.string(),
  from: z.string(),
  to: z.string(),
  why: z.string().min(20),
});
export type Argument = z.infer<typeof argument>;

export function argumentsIn(path: string): Argument[] {
  return z.array(argument).parse(JSON.parse(readFileSync(path, 'utf8')));
}

export function isAbout({ file, line, from, to }: Argument, mutant: Mutant): boolean {
  return file === mutant.file && line === mutant.context && from === mutant.from && to === mutant.to;
}
