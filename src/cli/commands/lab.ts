import { join, relative } from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { mention, mentionJson, print, printJson, tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { quote } from '../../words/quote.ts';
import { labSnapshots } from './lab-snapshots.ts';
import { labSsh } from './lab-ssh.ts';
import { blocks, json, only, openIt, out, quiet, seed, table, verbose, whole } from './options.ts';

/** Ships with the package, wherever it is installed. */
const QUICKSTART = quote(
  relative(process.cwd(), join(import.meta.dirname, '../../../bench/experiments/quickstart.yaml')),
);

const EPILOGUE = `
First steps:
  $ vgpubench lab up                              takes seconds once the first start has saved a snapshot
  $ vgpubench lab run ${QUICKSTART}
  $ vgpubench lab ssh g1                          look around in a guest; dom0 has xl and xenstore
  $ vgpubench lab down

Inside, vgpu-mode MODE GUEST on dom0 and vgpu-mode MODE in the guest select how the GPU reaches
the guest; after that, every workload is a command: gem, cpy, mmul, loop and a dozen more.
`;

export const lab: MakeCommand = (exit) => {
  const command = new Command('lab')
    .description('the embedded lab: real Xen and guests in QEMU with a software GPU; needs no GPU')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(vgpubench lab --help shows its commands)')
    .enablePositionalOptions();
  for (const make of [up, down, status, run, labSsh, labSnapshots])
    command.addCommand(named(make(exit)).copyInheritedSettings(command));
  return command;
};

/** Which lab a command applies to. */
function named(command: CommandUnknownOpts): CommandUnknownOpts {
  return command
    .option('--name <lab>', 'the lab, if there are several (default: $VGPUBENCH_LAB, or "default")')
    .hook('preAction', async (_, action) => {
      const name: unknown = action.opts()['name'];
      if (typeof name === 'string') (await import('../../lab/paths.ts')).chooseLab(name);
    });
}

const up: MakeCommand = (exit) =>
  new Command('up')
    .description(
      'download, build and boot it: a bare-metal machine, and a Xen machine with its guests (paused until used)',
    )
    .option('--guests <n>', 'guests in the Xen machine, 1 to 7 (default: 5)', (text) => whole(text, 1, 7))
    .option(
      '--pci',
      'add an IOMMU and a guest p1 for GPU pass-through; always boots, never uses a snapshot',
      false,
    )
    .option(
      '--mirror <url>',
      'a Debian mirror, e.g. http://ftp.example.org/debian (default: $VGPUBENCH_MIRROR, or this Debian’s own sources)',
    )
    .option('--cold', 'boot even if there is a snapshot, and save a new one', false)
    .addOption(json())
    .action(async (options) => {
      const [{ bringUp, guarded }, { labUpText }] = await Promise.all([
        import('../terminal/lab.ts'),
        import('../terminal/lab-text.ts'),
      ]);
      const { guests, pci, mirror, cold } = options;
      const found = await guarded(() => bringUp({ guests, pci, mirror, cold }));
      if (found === 'interrupted') {
        exit(130);
        return;
      }
      if (options.json) mentionJson(found);
      else mention(labUpText(found));
      exit(0);
    });

const down: MakeCommand = (exit) =>
  new Command('down')
    .description('stop the lab; leaves no process, socket or temporary file')
    .action(async () => {
      const [{ labStatus }, { labDown }, { progress }] = await Promise.all([
        import('../../lab/life/status.ts'),
        import('../../lab/life/down.ts'),
        import('../terminal/lab.ts'),
      ]);
      const { state } = await labStatus();
      await labDown(progress);
      tell(state === 'down' ? 'the lab is not up' : 'the lab is down');
      exit(0);
    });

const status: MakeCommand = (exit) =>
  new Command('status')
    .description('show what is running, which process is using it, and the clock of each machine')
    .option('--all', 'one line per lab', false)
    .addOption(json())
    .action(async (options) => {
      const [{ labStatus }, { labStatusText, labsText }, { labNames, labPaths }] = await Promise.all([
        import('../../lab/life/status.ts'),
        import('../terminal/lab-text.ts'),
        import('../../lab/paths.ts'),
      ]);
      if (options.all) {
        const labs = await Promise.all(labNames().map((name) => labStatus(labPaths(undefined, name))));
        if (options.json) printJson(labs);
        else print(labsText(labs));
        exit(0);
        return;
      }
      const found = await labStatus();
      if (options.json) printJson(found);
      else print(labStatusText(found));
      exit(found.state === 'broken' ? 4 : 0);
    });

const run: MakeCommand = (exit) =>
  new Command('run')
    .description('run an experiment in the lab, starting the lab if necessary; it stays up')
    .argument('<file>', 'an experiment file with targets such as { lab: g1, host: dom0 }')
    .addOption(out())
    .addOption(seed())
    .addOption(only())
    .addOption(blocks())
    .addOption(table())
    .addOption(quiet())
    .addOption(verbose())
    .addOption(openIt())
    .addOption(json())
    .action(async (file, options) => {
      const [{ requireLabTargets, withLab }, { runExperiment }, { bringUp, guarded }, { watched }] =
        await Promise.all([
          import('../../run/lab.ts'),
          import('../../run/run.ts'),
          import('../terminal/lab.ts'),
          import('../terminal/watched.ts'),
        ]);
      const needs = requireLabTargets(file);
      exit(
        await withLab(async () => {
          if ((await guarded(() => bringUp(needs))) === 'interrupted') return 130;
          const code = await watched(options, (session) => runExperiment(file, { ...options, ...session }));
          tell('the lab stays up; stop it with: vgpubench lab down');
          return code;
        }),
      );
    });
