/**
 * A libvirt for one test: Debian's libvirtd in a session with its own folders, whose guests run in QEMU with
 * TCG.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootable, endThoseOf } from './qemu.ts';
import { until } from './processes.ts';

export interface Libvirt {
  /** What `virsh -c` takes. */
  readonly uri: string;
  /** Defines a guest that boots a disk; its console output is in the file that this returns. */
  define: (name: string, does: Parameters<typeof bootable>[0]) => string;
  /** Runs virsh, and returns its output. @throws Error if it fails */
  virsh: (...args: string[]) => string;
  /** Ends it and its guests. */
  end: () => Promise<void>;
}

/** root's would be the system's one, in the system's folders: then it runs as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function give(path: string): void {
  if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid);
}

/** @param folder an empty one, for everything it keeps */
export async function startLibvirt(folder: string): Promise<Libvirt> {
  const at = (name: string) => join(folder, name);
  for (const path of [folder, at('run'), at('config'), at('config/libvirt'), at('cache')]) {
    mkdirSync(path, { recursive: true });
    give(path);
  }
  // Otherwise it starts virtlogd, which outlives it.
  writeFileSync(at('config/libvirt/qemu.conf'), 'stdio_handler = "file"\n');
  const daemon = spawn('/usr/sbin/libvirtd', {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...NOBODY,
    env: {
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: folder,
      XDG_RUNTIME_DIR: at('run'),
      XDG_CONFIG_HOME: at('config'),
      XDG_CACHE_HOME: at('cache'),
    },
  });
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => {
      resolve();
    });
    daemon.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  const end = async () => {
    daemon.kill();
    await ended;
    await endThoseOf(folder);
  };
  const uri = `qemu+unix:///session?socket=${at('run/libvirt/libvirt-sock')}`;
  const virsh = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('virsh', ['-q', '-c', uri, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`virsh ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const gone = ended.then(() => {
    throw new Error(`libvirtd: ${said}`);
  });
  gone.catch(() => undefined);
  try {
    await Promise.race([gone, until('libvirtd', () => existsSync(at('run/libvirt/libvirt-sock')))]);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    uri,
    virsh,
    end,
    define: (name, does) => {
      const [disk, console, xml] = [at(`${name}.img`), at(`${name}.log`), at(`${name}.xml`)];
      writeFileSync(disk, bootable(does));
      give(disk);
      writeFileSync(
        xml,
        `<domain type='qemu'><name>${name}</name><memory unit='MiB'>16</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features><on_crash>preserve</on_crash>
<pm><suspend-to-mem enabled='yes'/></pm><devices>
<disk type='file'><driver name='qemu' type='raw'/><source file='${disk}'/><target dev='hda' bus='ide'/></disk>
<serial type='file'><source path='${console}'/></serial><panic model='isa'/><memballoon model='none'/>
</devices></domain>`,
      );
      virsh('define', xml);
      return console;
    },
  };
}
