/**
 * Which of the tools this machine has. As root on Debian, missing ones are installed; otherwise the user is
 * told how.
 */
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';
import { type Report, step } from '../step.ts';
import { type Distribution, installCommand, thisDistribution } from './distribution.ts';
import { TOOLS, type Tool } from './toolbox.ts';

/** A tool, and how it was found. */
export interface Found {
  tool: Tool;
  ok: boolean;
  /** Its version, or the problem with it. */
  found: string;
  /** A known problem of this version. */
  caveat?: string;
}

/** The state of all tools on this machine. Changes nothing. */
export async function findTools(tools: readonly Tool[] = TOOLS): Promise<Found[]> {
  return Promise.all(tools.map(findTool));
}

async function findTool(tool: Tool): Promise<Found> {
  const [command, ...args] = tool.probe;
  const { exitCode, all } = await execa(command, args, { reject: false, all: true, stdin: 'ignore' });
  if (exitCode !== 0) return { tool, ok: false, found: 'none' };
  const [line = ''] = all.split('\n');
  if (tool.least === undefined) return { tool, ok: true, found: line === '' ? 'there' : line };
  const { version, pattern } = tool.least;
  const found = pattern.exec(line);
  if (found === null) return { tool, ok: false, found: `unknown version, in: ${line}` };
  const here = [Number(found[1]), Number(found[2])] as const;
  const { caveat } = tool;
  const warned = caveat !== undefined && atLeast(here, caveat.from);
  return { tool, ok: atLeast(here, version), found: line, ...(warned && { caveat: caveat.words }) };
}

function atLeast([major, minor]: readonly [number, number], least: readonly [number, number]): boolean {
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

export function expectedOf({ name, least }: Tool): string {
  return least === undefined ? name : `${name} ${least.version.join('.')} or newer`;
}

/** How to install tools on a distribution: a command, or what to look for if none is known. */
export function howToGet(tools: readonly Tool[], { family, name }: Distribution): string {
  if (family === undefined)
    return `install the packages of ${name} that contain ${tools.map((tool) => tool.name).join(', ')}`;
  return installCommand(family, packagesOf(tools, family));
}

function packagesOf(tools: readonly Tool[], family: keyof Tool['packages']): string[] {
  return [...new Set(tools.flatMap((tool) => tool.packages[family].split(' ')))];
}

/** Never interrupted: this installs on the user's own machine, and a partial installation is worst. */
async function aptGet(signal: AbortSignal | undefined, ...args: string[]): Promise<boolean> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeoutMs: 600_000, signal: undefined };
  const { exitCode } = await run('apt-get', ['-y', ...args], options);
  signal?.throwIfAborted();
  return exitCode === 0;
}

/** @throws Problem if a tool is missing or too old, and can't be installed automatically. */
export async function ensureTools(report: Report, signal?: AbortSignal): Promise<void> {
  const all = await findTools();
  for (const { tool, found, caveat } of all)
    if (caveat !== undefined) report(`${tool.name} (${found}): ${caveat}`, 0);
  const missing = all.filter(({ ok, tool }) => !ok && tool.optional !== true);
  if (missing.length === 0) return;
  const distribution = thisDistribution();
  const tools = all.filter(({ ok }) => !ok).map(({ tool }) => tool);
  const install = howToGet(tools, distribution);
  const problem = labProblem('VGB-LAB-TOOLS', {
    message: `the lab needs ${missing.map(({ tool }) => tool.name).join(', ')}`,
    expected: missing.map(({ tool }) => expectedOf(tool)).join(', '),
    found: missing.map(({ tool, found }) => `${tool.name}: ${found}`).join('; '),
    next: process.getuid?.() === 0 || distribution.family === undefined ? install : `sudo ${install}`,
  });
  if (process.getuid?.() !== 0 || distribution.family !== 'debian') throw problem;
  const packages = packagesOf(tools, distribution.family);
  await step(report, `install ${packages.join(' ')}`, async () => {
    const words = ['install', '--no-install-recommends', ...packages];
    if (await aptGet(signal, ...words)) return;
    // A fresh machine may have no package lists yet.
    await aptGet(signal, 'update');
    if (!(await aptGet(signal, ...words))) throw problem;
  });
}
