import { z } from 'zod';
import { quote } from '../words/quote.ts';
import { powerKind, powerSchema } from './kind.ts';
import { lendByLibvirt } from './hostdev.ts';
import { SHUTDOWN_S } from './limits.ts';

const schema = powerSchema(
  'virsh',
  {
    connect: z
      .string()
      .regex(/^[a-z][a-z0-9+.-]*:\/\//, { error: 'expected a libvirt URI, such as qemu:///system' })
      .optional()
      .describe(
        'The libvirt URI that virsh connects to. Default: virsh’s own, which is qemu:///session for users other than root.',
      ),
    console: z
      .string()
      .startsWith('/', { error: 'expected an absolute path' })
      .optional()
      .describe('The file, on its host, with its console output: <serial type="file">.'),
  },
  'A guest defined in libvirt: virsh start, virsh shutdown, virsh destroy.',
);

/**
 * Guests of libvirt. One that has an id is on, whatever state virsh calls it: `paused`, `in shutdown`,
 * `pmsuspended` and a kept `crashed` one still have their memory and their devices, and can't be started. It
 * is shut down and destroyed by that id, because a name made of digits would be taken for one. Without an
 * answer from libvirt nothing is known, and everything but `running` fails. Source: virsh(1) of libvirt 9.0.
 */
export const virsh = powerKind({
  use: 'virsh',
  schema,
  programs: ['virsh', 'timeout'],
  power: ({ connect, console, ready }, domain) => {
    const tool = `LC_ALL=C virsh -q${connect === undefined ? '' : ` -c ${quote(connect)}`}`;
    // A dash if it is off.
    const id = `$(${tool} domid ${quote(domain)})`;
    const off = `[ "${id}" = - ]`;
    const whereOn = (script: string) => `vgb_id=${id} && { [ "$vgb_id" = - ] || ${script}; }`;
    // It may just have gone off by itself.
    const end = `{ ${tool} destroy "$vgb_id" || ${off}; }`;
    const wait = `timeout ${SHUTDOWN_S} sh -c ${quote(`until ${off}; do sleep 1; done`)}`;
    return {
      start: `vgb_id=${id} && { [ "$vgb_id" != - ] || ${tool} start ${quote(domain)}; }`,
      startWith: undefined,
      lend: (devices) => lendByLibvirt(tool, domain, id, devices),
      holder: 'vfio-pci',
      shutdown: whereOn(`{ ${tool} shutdown "$vgb_id" && ${wait}; } ||
${off} || { echo 'it did not shut down by itself: destroyed'; ${end}; }`),
      destroy: whereOn(end),
      restart: `${tool} shutdown ${quote(domain)}; ${wait}; ${tool} start ${quote(domain)}`,
      config: undefined,
      running: `case $(${tool} domid ${quote(domain)} 2>/dev/null) in '' | -) false ;; esac`,
      console: console === undefined ? undefined : `tail -n 40 ${quote(console)}`,
      readyMs: ready,
    };
  },
});
