/** Survivors that no test is to kill, each with the reason why: argued.json. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Mutant } from './mutations.ts';

const argument = z.strictObject({
  file: z.string(),
  /** The line as it stands, and with the mutant in it, without the space around it. */
  was: z.string(),
  becomes: z.string(),
  why: z.string().min(20),
});
export type Argument = z.infer<typeof argument>;

export function argumentsIn(path: string): Argument[] {
  return z.array(argument).parse(JSON.parse(readFileSync(path, 'utf8')));
}

export function isAbout({ file, was, becomes }: Argument, mutant: Mutant): boolean {
  return file === mutant.file && was === mutant.was && becomes === mutant.becomes;
}
