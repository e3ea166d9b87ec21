/** Checks that a host is Xen’s dom0, and its toolstack works, without changing anything. */
import { type Look, amiss, fine } from '../words/examined.ts';

/** Facts, one per line: name, tab, value. `xl list` uses the same domctls with which xl creates domains. */
export const XEN_FACTS = String.raw`printf 'uid\t%s\n' "$(id -u)"
printf 'xen\t%s\n' "$(cat /sys/hypervisor/type 2>/dev/null)"
printf 'capabilities\t%s\n' "$(cat /proc/xen/capabilities 2>/dev/null)"
if ! command -v xl >/dev/null; then vgb_x=missing
elif vgb_e=$(xl list 2>&1 >/dev/null); then vgb_x=works
else vgb_x="fails: $(printf '%s\n' "$vgb_e" | tail -n 1)"; fi
printf 'xl\t%s\n' "$vgb_x"`;

/** Only root may do what a mode does on a host. @param uid the user who logs in */
export function notRoot(uid: string | undefined, host: string): Look {
  return amiss('the login user is root', `user ${uid ?? 'unknown'}`, 'log in as root (root@HOST)', {
    key: `targets.${host}.ssh`,
    value: undefined,
  });
}

/**
 * Problems shown by the facts above; after the first one, nothing else can be checked. @param host its name
 */
export function examineXen(facts: ReadonlyMap<string, string>, host: string, guest: string): Look[] {
  const [uid, xl = 'unknown'] = [facts.get('uid'), facts.get('xl')];
  const what = 'Xen’s toolstack answers';
  if (uid !== '0') return [notRoot(uid, host)];
  // Reported where programs are looked for.
  if (xl === 'works' || xl === 'missing') return [];
  if (facts.get('xen') !== 'xen')
    return [
      amiss(
        what,
        `Xen is not running on ${host} (/sys/hypervisor/type)`,
        `boot ${host} with Xen: its boot loader has an entry for that once Xen is installed`,
      ),
    ];
  const capabilities = facts.get('capabilities') ?? '';
  if (capabilities !== '' && !capabilities.includes('control_d'))
    return [
      amiss(what, `${host} is itself a guest, not dom0`, `use the dom0 of ${guest}`, {
        key: `targets.${guest}.host`,
        value: undefined,
      }),
    ];
  return [
    amiss(
      what,
      `xl list ${xl}`,
      'xl and the running Xen have different versions, for instance after an upgrade',
      {
        on: host,
        run: 'reboot',
      },
    ),
  ];
}

/** Whether Xen can be asked anything there at all. */
export function isAsked(facts: ReadonlyMap<string, string>): boolean {
  return facts.get('uid') === '0' && facts.get('xl') === 'works';
}

export const xenIsFine = (facts: ReadonlyMap<string, string>): Look[] =>
  isAsked(facts) ? [fine('Xen’s toolstack answers', 'xl list works, as root')] : [];
