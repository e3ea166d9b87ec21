import { z } from 'zod';
import { quote } from '../words/quote.ts';
import { powerKind, powerSchema } from './kind.ts';
import { GONE_S, SHUTDOWN_S, letGo } from './limits.ts';
import { lookAtXl } from './xl-look.ts';

const schema = powerSchema(
  'xl',
  {
    config: z
      .string()
      .startsWith('/', { error: 'expected an absolute path, such as /etc/xen/guest1.cfg' })
      .describe('The xl.cfg file, on the guest’s host, from which it is created.'),
    console: z
      .string()
      .startsWith('/')
      .optional()
      .describe(
        'The file, on its host, with its console output. Default: xenconsoled’s own, which exists with XENCONSOLED_TRACE=guest.',
      ),
  },
  'A guest of Xen, using Xen’s own toolstack: xl create, xl shutdown, xl destroy.',
);

/** Guests of Xen. Source: xl(1). */
export const xl = powerKind({
  use: 'xl',
  schema,
  programs: ['xl', 'timeout'],
  look: ({ config }, names) => lookAtXl(config, names),
  power: ({ config, console, ready }, domain) => {
    const name = quote(domain);
    const running = `xl domid ${name} >/dev/null 2>&1`;
    const startWith = (settings: readonly string[]) =>
      [`${running} || xl create ${quote(config)}`, ...settings.map(quote)].join(' ');
    return {
      start: startWith([]),
      startWith,
      // xl passes a whole list: one in its xl.cfg is replaced rather than extended.
      lend: (devices) => {
        const all = devices.flatMap((device) => ('pci' in device ? [device] : []));
        const specs = all.map(({ pci, permissive = false }) => `${pci}${permissive ? ',permissive=1' : ''}`);
        const has = (pci: string) => `xl pci-list ${name} | grep -qwF ${quote(pci)}`;
        return {
          has: `{ ${[running, ...all.map(({ pci }) => has(pci))].join(' && ')}; }`,
          own: 'false',
          start: startWith([`pci=[${specs.map((spec) => `"${spec}"`).join(',')}]`]),
          takeBack: ':',
          attach: specs.map((spec) => `xl pci-attach ${name} ${quote(spec)} || exit 1`).join('\n'),
          detach: all
            .map(
              ({ pci }) => `! { ${running} && ${has(pci)}; } || xl pci-detach ${name} ${quote(pci)} || exit 1
${letGo(`! { ${running} && ${has(pci)}; }`)}`,
            )
            .join('\n'),
        };
      },
      holder: 'pciback',
      // -F: by an ACPI event, if the guest has no driver that listens to xenstore.
      shutdown: `! ${running} || timeout ${SHUTDOWN_S} xl shutdown -w -F ${name}
i=0
while ${running} && [ $i -lt ${GONE_S} ]; do i=$((i + 1)); sleep 1; done
! ${running} || { echo 'it did not shut down by itself: destroyed'; xl destroy ${name}; }`,
      destroy: `! ${running} || xl destroy ${name}`,
      restart: `xl shutdown -w -F ${name}; xl create ${quote(config)}`,
      config,
      running,
      console: `tail -n 40 ${quote(console ?? `/var/log/xen/console/guest-${domain}.log`)}`,
      readyMs: ready,
    };
  },
});
