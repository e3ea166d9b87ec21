import { writeFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { Problem, messageOf } from '../../problem.ts';
import { mention } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';

/** What a newcomer starts from: it compares a target with itself under a wrapper, and says what to change. */
export const TEMPLATE = `# A vgpubench experiment. For the whole format: vgpubench schema experiment
name: my-first
baseline: native

targets:
  gpu: { ssh: gpu-host }            # an ssh_config alias, or user@host:port

modes:
  native:       { use: native, on: gpu, hypervisor: allowed }
  native-again: { use: native, on: gpu, hypervisor: allowed }   # an A/A arm: should come out the same
  one-core:
    use: custom
    on: gpu
    wrapper: taskset -c 0 {command}
    attest: [{ run: command -v taskset, claim: taskset is there }]

workloads:
  - { use: clpeak, tests: [kernel-latency] }
  # - { use: command, name: mmul, run: ./mmul 1024, metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher } }

design: { blocks: 6, seed: 1, warmup: 1, samples: 3, margin: 3%, budget: 30m }
limits: { trial: 120s, output: 16MiB }
`;

export const init: MakeCommand = (exit) =>
  new Command('init')
    .description('write a starter experiment file')
    .argument('[file]', 'the file to write; JSON if its name ends in .json', 'experiment.yaml')
    .option(
      '--mode <names>',
      'with modes of these kinds, such as pvdrm,xengt, each with a baseline on its own machine; `vgpubench list modes` lists them',
    )
    .action(async (file, { mode }) => {
      const text = mode === undefined ? TEMPLATE : await starter(mode);
      write(file, file.endsWith('.json') ? await asJson(text) : text);
      mention(
        `wrote ${file}. Fill in your targets, then:\n  vgpubench doctor ${file}\n  vgpubench try ${file}\n  vgpubench plan ${file}\n  vgpubench run ${file}`,
      );
      exit(0);
    });

async function starter(modes: string): Promise<string> {
  const { starterFor } = await import('../../run/starter.ts');
  return starterFor(modes.split(',').map((one) => one.trim()));
}

/** JSON is a subset of YAML, so it is read in the same way; only the comments are lost. */
async function asJson(text: string): Promise<string> {
  const { parse } = await import('yaml');
  return `${JSON.stringify(parse(text), null, 2)}\n`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw new Problem({
      code: 'VGB-INIT',
      message: `cannot write ${file}`,
      expected: 'a path where no file exists yet',
      found: messageOf(error),
      next: 'choose another name: vgpubench init FILE',
    });
  }
}
