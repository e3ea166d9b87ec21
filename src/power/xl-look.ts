/** Checks that a guest of Xen matches its experiment: its xl.cfg, and its name there. */
import { type Look, amiss, fine } from '../words/examined.ts';
import { quote } from '../words/quote.ts';
import type { Looking, Names } from './kind.ts';
import { XEN_FACTS, examineXen, isAsked, xenIsFine } from './xen.ts';

/** name="guest1", as in xl.cfg; with leading blanks, and either quote. Source: xl.cfg(5). */
const NAMED = `^[[:space:]]*name[[:space:]]*=[[:space:]]*["']`;

export function lookAtXl(config: string, { guest, host, domain }: Names): Looking {
  const file = quote(config);
  const folder = quote(config.slice(0, config.lastIndexOf('/')));
  const own = quote(`${NAMED}${domain.replaceAll('.', String.raw`\.`)}["']`);
  return {
    script: String.raw`${XEN_FACTS}
[ -r ${file} ] && printf 'config\tthere\n'
printf 'name\t%s\n' "$(sed -n ${quote(`s/${NAMED}\\([^"']*\\).*/\\1/p`)} ${file} 2>/dev/null | tail -n 1)"
printf 'others\t%s\n' "$(find /etc/xen ${folder} -maxdepth 1 -type f -size -128 -exec grep -ls -e ${own} {} + 2>/dev/null | sort -u | tr '\n' ' ')"
printf 'on\t%s\n' "$(xl domid ${quote(domain)} 2>/dev/null)"
:`,
    judge: (facts) =>
      isAsked(facts)
        ? [...xenIsFine(facts), examineConfig(config, facts, { guest, host, domain })]
        : examineXen(facts, host, guest),
  };
}

function examineConfig(config: string, facts: ReadonlyMap<string, string>, { guest, domain }: Names): Look {
  const what = `${config} belongs to ${domain}`;
  const others = (facts.get('others') ?? '').split(' ').filter((file) => file !== '' && file !== config);
  const only = others.length === 1 ? others[0] : undefined;
  const correct = { key: `targets.${guest}.power.config`, value: only };
  if (facts.get('config') !== 'there') return amiss(what, 'no such file', 'correct the path', correct);
  const named = facts.get('name') ?? '';
  if (named === domain) return fine(what, facts.get('on') === '' ? 'it is off' : 'it is on');
  if (named === '') return fine(what, 'it has no readable name');
  if (only !== undefined) return amiss(what, `it names ${named}`, 'correct the path', correct);
  return amiss(what, `it names ${named}`, 'set the host’s name for it', {
    key: `targets.${guest}.domain`,
    value: named,
  });
}
