/**
 * Crossings of PVDRM, from the kernel's log: its drivers have no counters, but a build that logs prints a
 * line for each crossing, and for what its cache does. The log only holds the latest lines, so it is followed
 * over the stay. Source: CPFL/pvdrm at 834a59f5, backend/pvdrm_back_drv.c:506, frontend/pvdrm_gem.c:154, 248,
 * 268, 444.
 */
import { randomBytes } from 'node:crypto';
import { quote } from '../../words/quote.ts';
import { readCounters } from '../custom/counters.ts';
import type { Change, Counters, Place } from '../mode.ts';

/** The maximum kept of a log, in blocks of 512 bytes, and how long to wait for its end, in s. */
const MOST_BLOCKS = 524_288;
const CAUGHT_UP_S = 10;

/** One side's log of one stay, for a build that logs. */
export class Log {
  readonly #file: string;
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    this.#file = `/dev/shm/vgpubench-log-${randomBytes(8).toString('hex')}`;
  }

  /** Follows it from here on, if there is anything to follow; a quiet build has logged nothing. */
  follow(): Change {
    const file = quote(this.#file);
    // The same open file repeatedly: after lost lines the kernel ends a read, and then continues after them.
    const follower = `ulimit -f ${MOST_BLOCKS}; exec 3</dev/kmsg; while :; do cat <&3 || [ $? -lt 128 ] || exit; sleep 0.2 2>/dev/null || sleep 1; done >>${file}`;
    return {
      target: this.#place.name,
      script: `dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | grep -q '^[0-7],[^;]*;.*pvdrm: ' && [ -w /dev/shm ] || exit 0
umask 077
: >${file}
setsid sh -c ${quote(follower)} </dev/null >/dev/null 2>&1 &
echo $! >${file}.pid`,
      undo: {
        target: this.#place.name,
        script: `[ ! -e ${file}.pid ] || kill -- -$(cat ${file}.pid) 2>/dev/null; rm -f ${file} ${file}.pid`,
      },
    };
  }

  /**
   * A position in the log at which counting begins or ends; undefined if it is not followed. @throws LinkLost
   */
  async mark(): Promise<string | undefined> {
    const mark = `vgpubench ${randomBytes(6).toString('hex')}`;
    const file = quote(this.#file);
    const { exitCode } = await this.#place.run(`[ -e ${file} ] || exit 1
echo ${quote(mark)} >>/dev/kmsg || exit 1
i=0
until tail -c 4096 ${file} | grep -q ${quote(mark)}; do i=$((i + 1)); [ $i -lt ${CAUGHT_UP_S * 10} ] || exit 1; sleep 0.1 2>/dev/null || sleep 1; done`);
    return exitCode === 0 ? mark : undefined;
  }

  /**
   * What was logged between two marks, by kind; `lost-lines` is the number of missing lines. @throws LinkLost
   */
  async between(from: string, to: string): Promise<Counters> {
    const { stdout } = await this.#place.run(
      `awk -v from=${quote(from)} -v to=${quote(to)} ${quote(COUNT)} ${quote(this.#file)}`,
    );
    return readCounters(stdout);
  }
}

/**
 * Records are priority,sequence,time,flags;text. Lines with a priority of 8 or more were written by a
 * program. A look-up that the cache may answer logs check:(1), and a hit logs Reviving: the rest are misses.
 */
const COUNT = String.raw`/^ / { next }
{ split($0, r, /[,;]/) }
index($0, to) { exit }
on && r[2] > last + 1 { n["lost-lines"] += r[2] - last - 1 }
r[2] ~ /^[0-9]+$/ { last = r[2] }
index($0, from) { on = 1; next }
!on || r[1] > 7 || !/pvdrm: / { next }
match($0, /processing slot PVDRM_[A-Z_]+/) { n[substr($0, RSTART + 22, RLENGTH - 22)]++ }
/pvdrm: Checking .*check:\(1\)/ { look++ }
/pvdrm: Reviving / { n["cache-hit"]++ }
/pvdrm: Caching GEM / { n["cache-insert"]++ }
/pvdrm: Faulting / { n["fault"]++ }
END {
  if (look > n["cache-hit"]) n["cache-miss"] = look - n["cache-hit"]
  for (k in n) if (n[k] > 0) print k, n[k]
}`;
