import { type GuestClock, bestClock, clockProbe } from './clock.ts';
import { NEW_GROUP } from './control-group.ts';
import { saidOf } from './said.ts';
import { quote } from '../words/quote.ts';

/** How the processes of a trial are kept together, so that they can be ended. */
export type Containment = 'cgroup v2' | 'cgroup v1' | 'systemd scope' | 'search';

/** What was found out about a target. */
export interface Greeting {
  /** The shell that runs samples there. */
  shell: string;
  /** Its best clock; undefined if there is none. */
  clock: GuestClock | undefined;
  containment: Containment;
  /** Changes with every boot, and with nothing else; empty if unknown. */
  boot: string;
}

/** Starts a session in a control group that the user may divide, if systemd provides one. */
export const WITHIN_SCOPE = 'systemd-run --user --scope --quiet -p Delegate=yes ';

/**
 * POSIX sh that prints what a target is like, and changes nothing: it creates an empty control group, and
 * removes it.
 * @param shell The one that is to run samples; undefined: sh, or bash if that has the better clock.
 */
export function greetingScript(shell: string | undefined): string {
  const bash = `command -v bash >/dev/null && [ -z "\${EPOCHREALTIME:-}" ] && { echo 'shell bash'; bash -c ${quote(clockProbe(false))}; }`;
  const clocks =
    shell === undefined
      ? `echo 'shell sh'\n${clockProbe(true)}\n${bash}`
      : `echo 'shell ${shell}'\n${shell} -c ${quote(clockProbe(false))}`;
  const probe = `${NEW_GROUP}\nvgb_new_group "probe.$$" && { echo "group $vgb_v"; rmdir "$vgb_g"; }`;
  return `{ IFS= read -r vgb_l </proc/sys/kernel/random/boot_id && echo "boot $vgb_l"; } 2>/dev/null
${clocks}
${NEW_GROUP}
if vgb_new_group "probe.$$"; then echo "group $vgb_v"; rmdir "$vgb_g"
elif command -v systemd-run >/dev/null && [ -n "\${XDG_RUNTIME_DIR:-}" ]; then ${WITHIN_SCOPE}sh -c ${quote(probe)} 2>/dev/null | sed 's/^group.*/scope/'
fi
:`;
}

/** If the clock has a coarser tick than this, bash is used, which has a clock of 1 us. */
const COARSE_TICK_NS = 100_000;

/** Reads what greetingScript printed. */
export function readGreeting(stdout: string): Greeting {
  const probed = stdout
    .split(/^shell /m)
    .slice(1)
    .map((part) => {
      const [shell = '', ...lines] = part.split('\n');
      return { shell, clock: bestClock(lines.join('\n')) };
    });
  const [first = { shell: 'sh', clock: undefined }] = probed;
  const fine = first.clock !== undefined && first.clock.tickNs <= COARSE_TICK_NS;
  const finest = probed.toSorted((a, b) => (a.clock?.tickNs ?? Infinity) - (b.clock?.tickNs ?? Infinity))[0];
  const [version] = saidOf(stdout, 'group');
  const scope = /^scope$/m.test(stdout);
  return {
    ...(fine ? first : (finest ?? first)),
    containment:
      version === '2' ? 'cgroup v2' : version === '1' ? 'cgroup v1' : scope ? 'systemd scope' : 'search',
    boot: saidOf(stdout, 'boot')[0] ?? '',
  };
}
