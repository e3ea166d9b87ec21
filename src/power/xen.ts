/** Whether a host is Xen’s dom0, and its toolstack works: without changing anything. */
import { type Look, amiss, fine } from '../words/examined.ts';

/** Facts, a line each: name, tab, value. `xl list` asks Xen by the domctls that xl creates domains by. */
export const XEN_FACTS = String.raw`printf 'uid\t%s\n' "$(id -u)"
printf 'xen\t%s\n' "$(cat /sys/hypervisor/type 2>/dev/null)"
printf 'capabilities\t%s\n' "$(cat /proc/xen/capabilities 2>/dev/null)"
if ! command -v xl >/dev/null; then vgb_x=missing
elif vgb_e=$(xl list 2>&1 >/dev/null); then vgb_x=works
else vgb_x="fails: $(printf '%s\n' "$vgb_e" | tail -n 1)"; fi
printf 'xl\t%s\n' "$vgb_x"`;

/** Only root may do what a mode does on a host. @param uid whose login it is */
export function notRoot(uid: string | undefined, host: string): Look {
  return amiss('it is root who logs in', `user ${uid ?? 'unknown'}`, 'let root log in there (root@HOST)', {
    key: `targets.${host}.ssh`,
    value: undefined,
  });
}

/** Of the facts above, what is amiss; with the first, nothing else there can be told. @param host its name */
export function examineXen(facts: ReadonlyMap<string, string>, host: string, guest: string): Look[] {
  const [uid, xl = 'not told'] = [facts.get('uid'), facts.get('xl')];
  const what = 'Xen’s toolstack answers';
  if (uid !== '0') return [notRoot(uid, host)];
  // That is told where programs are looked for.
  if (xl === 'works' || xl === 'missing') return [];
  if (facts.get('xen') !== 'xen')
    return [
      amiss(
        what,
        `no Xen runs below ${host} (/sys/hypervisor/type)`,
        `boot ${host} with Xen: its boot loader has an entry for that once Xen is installed`,
      ),
    ];
  const capabilities = facts.get('capabilities') ?? '';
  if (capabilities !== '' && !capabilities.includes('control_d'))
    return [
      amiss(what, `${host} is itself a guest, not dom0`, `name the dom0 of ${guest}`, {
        key: `targets.${guest}.host`,
        value: undefined,
      }),
    ];
  return [
    amiss(what, `xl list ${xl}`, 'xl is of another version than the Xen that runs, as after an upgrade', {
      on: host,
      run: 'reboot',
    }),
  ];
}

/** Whether anything can be asked of Xen there at all. */
export function isAsked(facts: ReadonlyMap<string, string>): boolean {
  return facts.get('uid') === '0' && facts.get('xl') === 'works';
}

export const xenIsFine = (facts: ReadonlyMap<string, string>): Look[] =>
  isAsked(facts) ? [fine('Xen’s toolstack answers', 'xl list works, as root')] : [];
