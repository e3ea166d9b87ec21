import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { redactResults, redactor, withheldIn } from '../../src/report/redact.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const known = {
  hosts: ['gauss', 'gauss.math.example', 'a'],
  users: ['emmy', 'root'],
  texts: ['/srv/some where', 'f00dfeedf00dfeed', 'secret.key=cmdline42'],
};
const redact = (text: string) => redactor(known)(text);

describe('redaction', () => {
  for (const [what, text, told] of [
    ['a host by its name, whatever the case', 'it is Gauss, not gaussian', 'it is host-1, not gaussian'],
    ['a host of a domain as a whole', 'gauss.math.example: refused', 'host-2: refused'],
    ['an account', 'ssh emmy@gauss -p 22', 'ssh user-1@host-1 -p 22'],
    ['an account that nobody named', 'to bob@new.example:22', 'to user-2@host-4:22'],
    ['root, who is everywhere, not', 'root@gauss needs root', 'root@host-1 needs root'],
    ['a name of one letter where it stands alone', 'a', 'host-3'],
    ['and not in a sentence', 'a GPU', 'a GPU'],
    ['a path', 'cd /home/bob/x && ls ~/y ~bob', 'cd path-1 && ls path-2 path-3'],
    ['a path each time the same', '/srv/x=/srv/x:/srv/y', 'path-1=path-1:path-2'],
    ['a directory with a space', '"/srv/some where/else"', '"path-1"'],
    ['no path that all machines have', 'no /dev/dri/card0, /usr/bin/env', 'no /dev/dri/card0, /usr/bin/env'],
    ['what is below one', 'cat /proc/4711/maps /dev/shm/x', 'cat /proc/PID/maps path-1'],
    ['no unit', '4 GB/s, 1/1.03, mode ÷ baseline, and/or', '4 GB/s, 1/1.03, mode ÷ baseline, and/or'],
    ['addresses', 'from 10.1.2.3:22 to [fe80::1%eth0]', 'from address-1:22 to [address-2]'],
    [
      'no version',
      'driver 535.104.05, 6.1.0-18, std::vector, 0000:01:00.0',
      'driver 535.104.05, 6.1.0-18, std::vector, 0000:01:00.0',
    ],
    ['no time', 'at 03:04:05, 2026-01-02T03:04:05.000Z', 'at 03:04:05, 2026-01-02T03:04:05.000Z'],
    ['a MAC address', 'link 02:42:ac:11:00:02 up', 'link mac-1 up'],
    ['a UUID', 'boot 0fc1a3b2-9d6e-4f7a-8b1c-2d3e4f5a6b7c', 'boot id-1'],
    ['tokens', 'vgb-f00dfeedf00dfeed 0123456789abcdef01', 'vgb-text-1 hex-1'],
    ['processes', 'ended with it: sleep (4711), process 12', 'ended with it: sleep (PID), process PID'],
    ['a URL', 'at https://bob:x@ci.example:8080/job/1?t=2', 'at https://host-4'],
    ['what ssh says', 'Could not resolve hostname noether: no', 'Could not resolve hostname host-4: no'],
    ['a word of a command line', 'it has secret.key=cmdline42 set', 'it has text-1 set'],
    ['a path behind the letter of an option', '-I/srv/x/i -L/srv/y', '-Ipath-1 -Lpath-2'],
    ['a path behind an option', '--opt=/srv/x @/srv/y -isystem/srv/z', '--opt=path-1 @path-2 -isystempath-3'],
    ['a known directory behind one', "-I'/srv/some where' -L/srv/some where", "-I'path-1' -Lpath-1"],
    ['no ratio behind a dash', 'read-write/erase, x-I/O', 'read-write/erase, x-I/O'],
    [
      'what is coloured',
      '\x1b[31mgauss\x1b[0m \x1b[1;34m/srv/x\x1b[0m',
      '\x1b[31mhost-1\x1b[0m \x1b[1;34mpath-1\x1b[0m',
    ],
    ['what was coloured', '␛[31mgauss␛[0m ␛[34m/srv/x␛[0m', '␛[31mhost-1␛[0m ␛[34mpath-1␛[0m'],
    ['a coloured account', '␛[31memmy@gauss␛[0m', '␛[31muser-1@host-1␛[0m'],
    ['coloured numbers', '␛[31m10.1.2.3␛[m ␛[1m0123456789abcdef01', '␛[31maddress-1␛[m ␛[1mhex-1'],
    [
      'what follows an escape',
      String.raw`"\n/srv/x\ngauss\tgauss\r\nemmy@gauss"`,
      String.raw`"\npath-1\nhost-1\thost-1\r\nuser-1@host-1"`,
    ],
    [
      'what escapes colour',
      String.raw`"\x1b[31mgauss\e[34m/srv/x\033[0m\u001b[1mgauss\x20gauss\npid 12"`,
      String.raw`"\x1b[31mhost-1\e[34mpath-1\033[0m\u001b[1mhost-1\x20host-1\npid PID"`,
    ],
    ['a name that a backslash makes no escape of', String.raw`MATH\emmy`, String.raw`MATH\user-1`],
    ['a quoted path with spaces', `'/srv/my own/y' "/srv/my own/z" /x`, `'path-1' "path-2" path-3`],
    ['one in a quoted text', String.raw`"ls \"/srv/my own/y\" gauss"`, String.raw`"ls \"path-1\" host-1"`],
    ['one below a known directory', '"/srv/some where/my own/y"', '"path-1"'],
    ['no more than the line of a quote', '"/srv/x\nis" 5', '"path-1\nis" 5'],
    ['what a quoted program is given', '"/usr/bin/env /srv/x"', '"/usr/bin/env path-1"'],
    [
      'a serial number',
      'Serial Number                  : 1320220012345',
      'Serial Number                  : serial-1',
    ],
    [
      'one of a key',
      'ID_SERIAL_SHORT=S3Z9NB0K "serial": "PF1ABCDE"',
      'ID_SERIAL_SHORT=serial-1 "serial": "serial-2"',
    ],
    ['no serial work', 'serial: 42 GB/s, Serial Number : N/A', 'serial: 42 GB/s, Serial Number : N/A'],
    ['what is called a UUID', 'UUID: 1A2B-3C4D', 'UUID: serial-1'],
    ['a UUID as one', 'UUID: 0fc1a3b2-9d6e-4f7a-8b1c-2d3e4f5a6b7c', 'UUID: id-1'],
    ['the UUID of a GPU', 'UUID : GPU-0fc1a3b2-9d6e-4f7a-8b1c-2d3e4f5a6b7c', 'UUID : GPU-id-1'],
    ['a MAC address with dashes', 'link 02-42-ac-11-00-02 up', 'link mac-1 up'],
    ['a host named by its address', 'on ip-10-0-0-1, ip-10-0-0-2.ec2.internal:', 'on host-4, host-5:'],
    [
      'what id says',
      'uid=1000(bob) gid=1000(bob) groups=1000(bob),27(domain users),0(root)',
      'uid=1000(user-2) gid=1000(user-2) groups=1000(user-2),27(user-3),0(root)',
    ],
  ] as const)
    it(`hides ${what}`, () => {
      assert.equal(redact(text), told);
    });

  it('takes no longer than a text is long', () => {
    const parts = [
      ...['a', '/', '1.', 'a:', 'a@', '0', 'a+', 'a-', ':', 'process ', ' ', 'a.b-', '~', '~a', "'/", '"/'],
      ...[
        '/ ',
        '\\n',
        '\\',
        '\x1b[',
        '0;',
        '\x1b[0',
        ',1(',
        '(a',
        'serial ',
        'serial:',
        'ip-1-',
        '-1',
        '-a/',
      ],
    ];
    for (const part of parts) {
      const [short, long] = [bestMs(part, 4e3), bestMs(part, 64e3)];
      // 16 times as long: a search that begins anew at each character takes 256 times the time.
      assert.ok(
        long < 96 * short,
        `${JSON.stringify(part)}: ${short} ms, and ${long} for 16 times the length`,
      );
    }
  });

  /** The least of three times on the CPU, to which what else the machine does adds little. */
  function bestMs(part: string, length: number): number {
    const text = part.repeat(length / part.length);
    const times = Array.from({ length: 3 }, () => {
      const begin = process.cpuUsage();
      redact(text);
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  }

  it('leaves results whose words are all plain as they are', () => {
    const { results } = simulatedRun({ fingerprint: { kernel: 'Linux 6.1.0', gpu: '0x10de:0x2204' } });
    assert.deepEqual(redactResults(results, redactor({ hosts: [], users: [], texts: [] })), results);
  });

  it('has stand-ins for where a run comes from, and keeps what was under test', () => {
    const { results } = simulatedRun();
    const origin = {
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'emmy/secret-project',
      dirty: true,
      ci: { system: 'Jenkins', job: 'acme/bench', url: 'https://gauss/job/acme/7' },
      labels: { driver: '550.54', rack: 'gauss' },
    };
    const texts = withheldIn({ ...results, origin });
    const told = redactResults({ ...results, origin }, redactor({ ...known, texts }));
    assert.deepEqual(told.origin, {
      commit: 'hex-1',
      branch: 'withheld',
      dirty: true,
      ci: { system: 'Jenkins', job: 'withheld', url: 'https://host-1' },
      labels: { driver: '550.54', rack: 'host-1' },
    });
    assert.equal(redactor({ ...known, texts })(`# from ${origin.branch}`), '# from text-1');
  });

  it('keeps the format of results whose words are all secret', () => {
    const { results } = simulatedRun();
    const words = new Set(JSON.stringify(results).match(/(?<=")\w+(?=")/g));
    const redacted = redactResults(results, redactor({ hosts: [...words], users: [], texts: [] }));
    assert.ok(resultsSchema.safeParse(redacted).success);
    assert.deepEqual(
      redacted.comparisons.map(({ verdict, better }) => [verdict, better]),
      results.comparisons.map(({ verdict, better }) => [verdict, better]),
    );
    assert.doesNotMatch(JSON.stringify(redacted.cells.map(({ mode }) => mode)), /native|slow/);
  });

  it('leaves no planted secret in any text, and is the same each time', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const word = fc.stringMatching(/^[a-z]{4,9}$/);
    const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
    const kept = fc.oneof(
      fc.string(),
      fc.constantFrom(' GB/s', ': ', '\n', '=', 'RTX 4090', '12.5%', '–', '('),
    );
    /** What separates a secret from its neighbours: no letter or digit, and nothing that goes on with a path. */
    const between = fc.constantFrom(' ', '\n', '"', "'", ', ', '=', '(', ') ', ' | ', '; ', '\t', '<', '>');
    const planted = fc.tuple(word, word, word, word).chain(([host, user, folder, file]) =>
      fc.record({
        names: fc.constant({ hosts: [`zz${host}`], users: [`qq${user}`] }),
        secrets: fc.array(
          fc.oneof(
            fc.constantFrom(
              ...[
                `zz${host}`,
                `ZZ${host}`,
                `qq${user}`,
                `qq${user}@zz${host}`,
                `yy${user}@zz${host}.example`,
              ],
              ...[
                `/home/xx${folder}/${file}`,
                `~/xx${folder}`,
                `/xx${folder}`,
                `https://zz${host}.example/xx${folder}`,
              ],
            ),
            fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')),
            fc.tuple(hex(4), hex(4)).map(([a, b]) => `fe80::${a}:${b}`),
            fc.tuple(hex(8), hex(4), hex(12)).map(([a, b, c]) => `${a}-${b}-${b}-${b}-${c}`),
            hex(32),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        others: fc.array(kept, { minLength: 7, maxLength: 7 }),
        gaps: fc.array(between, { minLength: 14, maxLength: 14 }),
        tells: fc.constant([`zz${host}`, `qq${user}`, `yy${user}`, `xx${folder}`]),
      }),
    );
    fc.assert(
      fc.property(planted, ({ names, secrets, others, gaps, tells }) => {
        const text = secrets
          .map((one, at) => `${others[at] ?? ''}${gaps[2 * at] ?? ' '}${one}${gaps[2 * at + 1] ?? ' '}`)
          .join('');
        const hide = redactor({ ...names, texts: [] });
        const told = hide(text);
        assert.equal(hide(text), told);
        for (const secret of [...tells, ...secrets.filter((one) => /^[0-9a-f.:-]+$/i.test(one))])
          assert.ok(!told.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${told}`);
      }),
      { numRuns: 200, seed: 10 },
    );
  });
});
