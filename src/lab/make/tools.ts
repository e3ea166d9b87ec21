/** The host's own tools: QEMU and a C compiler. As root they are installed; else the user is told how. */
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';
import { type Report, step } from '../step.ts';

interface Tool {
  /** A command that succeeds when the tool is there. */
  probe: [string, ...string[]];
  debianPackage: string;
}

const TOOLS: Tool[] = [
  { probe: ['qemu-system-x86_64', '--version'], debianPackage: 'qemu-system-x86' },
  { probe: ['gcc', '--version'], debianPackage: 'gcc' },
  { probe: ['make', '--version'], debianPackage: 'make' },
  { probe: ['sh', '-c', 'test -e "$(gcc -print-file-name=libc.a)"'], debianPackage: 'libc6-dev' },
  { probe: ['ssh', '-V'], debianPackage: 'openssh-client' },
  { probe: ['ssh-keygen', '-?'], debianPackage: 'openssh-client' },
  { probe: ['dpkg-deb', '--version'], debianPackage: 'dpkg' },
  // Debian's kernel is packed with it.
  { probe: ['xz', '--version'], debianPackage: 'xz-utils' },
];

async function isThere(tool: Tool): Promise<boolean> {
  const [command, ...args] = tool.probe;
  const { exitCode, code } = await execa(command, args, { reject: false, stdin: 'ignore' });
  // ssh-keygen has no harmless flag that succeeds: that it started is enough.
  return command === 'ssh-keygen' ? code !== 'ENOENT' : exitCode === 0;
}

export async function missingPackages(): Promise<string[]> {
  const found = await Promise.all(TOOLS.map(isThere));
  const missing = TOOLS.filter((_, index) => found[index] !== true).map((tool) => tool.debianPackage);
  return [...new Set(missing)];
}

/** Never cut short: this installs on the user's own machine, and half of it is worse than all. */
async function aptGet(signal: AbortSignal | undefined, ...args: string[]): Promise<boolean> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeoutMs: 600_000, signal: undefined };
  const { exitCode } = await run('apt-get', ['-y', ...args], options);
  signal?.throwIfAborted();
  return exitCode === 0;
}

export async function ensureTools(report: Report, signal?: AbortSignal): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  const install = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0)
    throw labProblem('VGB-LAB-TOOLS', {
      message: `the lab needs ${missing.join(', ')}`,
      next: `sudo ${install}`,
    });
  await step(report, `install ${missing.join(' ')}`, async () => {
    if (await aptGet(signal, 'install', '--no-install-recommends', ...missing)) return;
    // A fresh machine may have no package lists yet.
    await aptGet(signal, 'update');
    if (!(await aptGet(signal, 'install', '--no-install-recommends', ...missing)))
      throw labProblem('VGB-LAB-TOOLS', {
        message: `could not install ${missing.join(', ')}`,
        next: install,
      });
  });
}
