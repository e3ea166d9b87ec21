/** What a run in the storm does: a target that modes change, and a workload that leaves a number of each execution. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SAMPLES = 4;
const BLOCKS = 8;
const AS_WAS = 'as it was\n';

export interface Guest {
  alias: string;
  sshConfig: string;
  /** Each execution adds its number here. */
  executions: string;
  /** What modes change. */
  state: string;
}

export function newGuest(folder: string, alias: string, sshConfig: string): Guest {
  const guest = { alias, sshConfig, executions: join(folder, 'executions'), state: join(folder, 'state') };
  writeFileSync(guest.executions, '');
  writeFileSync(guest.state, AS_WAS);
  return guest;
}

/** Both changes that a mode makes are undone. */
export function isAsItWas({ state }: Guest): boolean {
  return readFileSync(state, 'utf8') === AS_WAS && !existsSync(`${state}.more`);
}

export function executionsOf({ executions }: Guest): number[] {
  return readFileSync(executions, 'utf8').trimEnd().split('\n').filter(Boolean).map(Number);
}

/** 48 random bits of its own name each execution, in the guest's file and in the journal. */
const NUMBER = "id=$(od -An -N6 -tu8 /dev/urandom | tr -d ' ')";

export function experimentText({ alias, sshConfig, executions, state }: Guest): string {
  const mode = (name: string) =>
    `  ${name}:
    use: custom
    on: a
    prepare: ["echo ${name} >${state}", "echo ${name} >${state}.more"]
    attest: [{ run: "cat ${state} ${state}.more", expect: "${name}\\n${name}" }]
    restore: ["rm -f ${state}.more", "echo '${AS_WAS.trimEnd()}' >${state}"]`;
  return `name: storm
baseline: one
targets: { a: { ssh: ${alias}, config: ${sshConfig} } }
modes:
${mode('one')}
${mode('two')}
workloads:
  - use: command
    name: counted
    run: ${JSON.stringify(`${NUMBER}; echo $id >>${executions}; sleep 0.04; echo "id: $id"`)}
    metric: { pattern: "id: {value}", unit: GB/s, better: higher }
design: { blocks: ${BLOCKS}, warmup: 0, samples: ${SAMPLES} }
limits: { trial: 60s }
`;
}
