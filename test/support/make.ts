import { join } from 'node:path';
import { execa } from 'execa';
import { labPaths } from '../../src/lab/paths.ts';

/** Builds some of the lab's programs into `folder`, using its Makefile, and returns their paths. */
export async function make(folder: string, ...names: string[]): Promise<string[]> {
  const programs = names.map((name) => join(folder, name));
  await execa('make', ['-C', labPaths().sources, `OUT=${folder}`, ...programs], { timeout: 200_000 });
  return programs;
}
