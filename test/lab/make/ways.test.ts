/** Debian's packages by either way, from a mirror that tells the truth, and from others. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { execaSync } from 'execa';
import { aptWay } from '../../../src/lab/make/apt.ts';
import { type Archive, suitesOf } from '../../../src/lab/make/archive.ts';
import { readLists } from '../../../src/lab/make/fetch.ts';
import { plainWay } from '../../../src/lab/make/plain.ts';
import type { Way } from '../../../src/lab/make/way.ts';
import { Mirror, makeDeb, makeSigner } from '../../support/debian-mirror.ts';
import { testFolder } from '../../support/directory.ts';
import { rejection } from '../../support/problem.ts';

const folder = testFolder();
// GnuPG's sockets have no room for a long path.
const [debian, other] = [makeSigner(join(folder, 'k1')), makeSigner(join(folder, 'k2'))];
after(() => {
  debian.end();
  other.end();
});

const keys = join(folder, 'keys');
mkdirSync(keys);
const keyring = join(keys, 'debian.gpg');
writeFileSync(keyring, debian.keyring);

const KERNEL = 'linux-image-6.1.0-1-amd64';
const { sign } = debian;

/** What Debian's own mirrors have, and the archive of old releases. */
const truth = new Mirror();
for (const tree of ['/debian', '/archive'])
  truth.addSuite(
    tree,
    'bookworm',
    [
      { name: 'linux-image-amd64', version: '6.1.9-1', depends: `${KERNEL} (= 6.1.9-1)` },
      { name: KERNEL, version: '6.1.9-1', files: { 'boot/vmlinuz': 'kernel' } },
      { name: 'xz', version: '1:5.4.1-0.2' },
    ],
    { sign },
  );
truth.addSuite('/debian', 'bookworm-updates', [], { sign });
truth.addSuite('/debian-security', 'bookworm-security', [{ name: 'xz', version: '1:5.4.1-0.2+deb12u1' }], {
  sign,
  validUntil: new Date(Date.now() + 3_600_000),
});

let mirror: Mirror;
let origin: string;
let archive: Archive;
beforeEach(async () => {
  mirror = new Mirror(truth.files);
  origin = await mirror.start();
  archive = { main: `${origin}/debian`, security: `${origin}/debian-security` };
});
afterEach(() => {
  mirror.stop();
});

const WAYS = { apt: aptWay, 'plain HTTP': plainWay };

for (const [what, make] of Object.entries(WAYS))
  describe(`packages by ${what}`, () => {
    let way: Way;
    let packages: string;
    const told: string[] = [];
    const read = (from: readonly Archive[] = [archive]) => readLists(way, from, (step) => told.push(step));
    beforeEach(() => {
      const work = mkdtempSync(join(folder, 'work-'));
      packages = join(work, 'packages');
      mkdirSync(packages);
      way = make(work, keyring, undefined);
      told.length = 0;
    });
    it('are the newest of all suites, named as Debian names them', async () => {
      await read();
      assert.deepEqual(await way.dependsOf('linux-image-amd64'), [KERNEL]);
      await way.download([KERNEL, 'xz'], packages, () => undefined);
      assert.deepEqual(readdirSync(packages).sort(), [
        `${KERNEL}_6.1.9-1_amd64.deb`,
        'xz_1%3a5.4.1-0.2+deb12u1_amd64.deb',
      ]);
      assert.deepEqual(told, []);
    });

    it('are refused where one is not what the index promises', async () => {
      const path = '/debian/pool/main/linux-image-6.1.0-1-amd64_6.1.9-1_amd64.deb';
      const length = mirror.files.get(path)?.length ?? 0;
      const changed = Buffer.concat([makeDeb({ 'boot/vmlinuz': 'kernels' }), Buffer.alloc(length)]);
      mirror.files.set(path, changed.subarray(0, length));
      await read();
      const { code, found, details } = await rejection(way.download([KERNEL], packages, () => undefined));
      assert.equal(code, 'VGB-LAB-PACKAGES');
      assert.match(found ?? details?.join() ?? '', /of \d+ bytes|Hash Sum mismatch/);
    });

    it('are refused where the index is not the one that was signed', async () => {
      const path = '/debian/dists/bookworm/main/binary-amd64/Packages.xz';
      const index = Buffer.from(mirror.files.get(path) ?? '');
      index[index.length - 20] = 255 - (index[index.length - 20] ?? 0);
      mirror.files.set(path, index);
      assert.equal((await rejection(read())).code, 'VGB-LAB-PACKAGES');
    });

    it('are refused where somebody else has signed', async () => {
      mirror.addSuite('/debian', 'bookworm', [], { sign: other.sign });
      const { code, found, details } = await rejection(read());
      assert.equal(code, 'VGB-LAB-PACKAGES');
      assert.match(
        found ?? details?.join() ?? '',
        /no signature by a valid key|NO_PUBKEY|[Mm]issing key|not signed/,
      );
    });

    it('are refused where what was signed is changed', async () => {
      const path = '/debian/dists/bookworm/InRelease';
      const text = (mirror.files.get(path) ?? '').toString();
      mirror.files.set(path, Buffer.from(text.replace('Label: Debian', 'Label: Debiam')));
      const { found, details } = await rejection(read());
      assert.match(found ?? details?.join() ?? '', /changed after it was signed|BADSIG|not signed/);
    });

    it('are refused where the index holds no longer, but in the archive of old releases', async () => {
      const validUntil = new Date(Date.now() - 3_600_000);
      mirror.addSuite('/debian-security', 'bookworm-security', [], { sign, validUntil });
      const { code, found, details } = await rejection(read());
      assert.equal(code, 'VGB-LAB-PACKAGES');
      assert.match(found ?? details?.join() ?? '', /expired/);
      await read([{ ...archive, old: true }]);
    });

    it('are the next archive’s where the first has no Debian 12', async () => {
      await read([
        { main: `${origin}/none`, security: `${origin}/none-security` },
        { main: `${origin}/archive`, security: `${origin}/archive-security`, old: true },
      ]);
      await way.download(['xz'], packages, () => undefined);
      assert.deepEqual(readdirSync(packages), ['xz_1%3a5.4.1-0.2_amd64.deb']);
      assert.deepEqual(told, [
        `no Debian 12 at ${origin}/none`,
        `no bookworm-updates at ${origin}/archive: continuing without it`,
        `no bookworm-security at ${origin}/archive-security: continuing without it`,
      ]);
    });

    it('are nowhere where no archive has Debian 12, and it is said where it was looked', async () => {
      const { found, next } = await rejection(read([{ main: `${origin}/none`, security: `${origin}/none` }]));
      assert.equal(found, `none at ${origin}/none`);
      assert.match(next ?? '', /--mirror URL/);
    });

    it('come through a proxy where the environment names one', async () => {
      const before = { ...process.env };
      // What it is asked for by its whole URL it serves by the path, as a proxy would.
      Object.assign(process.env, { http_proxy: origin, no_proxy: '' });
      try {
        const far = 'http://mirror.example.org';
        await read([{ main: `${far}/debian`, security: `${far}/debian-security` }]);
        await way.download(['xz'], packages, () => undefined);
        assert.ok(mirror.asked.includes(`${far}/debian/dists/bookworm/InRelease`), mirror.asked.join('\n'));
      } finally {
        for (const name of ['http_proxy', 'no_proxy'] as const)
          if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = before[name];
      }
    });
  });

describe('packages by plain HTTP alone', () => {
  const path = '/debian/dists/bookworm/InRelease';
  let way: Way;
  const read = () => way.read(suitesOf(archive), false);
  beforeEach(() => {
    way = plainWay(mkdtempSync(join(folder, 'work-')), keyring, undefined);
  });
  it('are refused where one suite’s index stands for another’s', async () => {
    mirror.addSuite('/debian', 'bookworm', [], { sign, codename: 'trixie' });
    const { expected, found } = await rejection(read());
    assert.deepEqual([expected, found], ['the index of bookworm', 'that of trixie']);
  });

  it('are refused where more lies beside what was signed', async () => {
    const text = mirror.files.get(path) ?? Buffer.alloc(0);
    for (const planted of [
      Buffer.concat([Buffer.from('Codename: bookworm\n'), text]),
      Buffer.concat([text, text]),
    ]) {
      mirror.files.set(path, planted);
      assert.match((await rejection(read())).found ?? '', /no signed text, or more than one/);
    }
  });

  it('are refused where they are larger than they may be', async () => {
    const name = '/debian/pool/main/xz_5.4.1-0.2_amd64.deb';
    mirror.files.set(name, Buffer.alloc(100_000));
    mirror.addSuite('/debian-security', 'bookworm-security', [], { sign });
    await read();
    const { found } = await rejection(way.download(['xz'], folder, () => undefined));
    assert.match(found ?? '', /more than the expected \d+ bytes/);
  });

  it('are refused where the server fails', async () => {
    mirror.stop();
    const { message, found } = await rejection(read());
    assert.match(message, /InRelease can't be fetched/);
    assert.match(found ?? '', /ECONNREFUSED/);
  });

  it('tell how much has come of how much', async () => {
    await read();
    const heard: [number, number][] = [];
    await way.download([KERNEL, 'xz'], mkdtempSync(join(folder, 'p-')), (bytes, of) =>
      heard.push([bytes, of]),
    );
    const [bytes, of] = heard.at(-1) ?? [];
    assert.ok(bytes === of && heard.length > 1, JSON.stringify(heard));
  });

  describe('on a machine with few programs', () => {
    const before_ = process.env['PATH'];
    const only = (...programs: string[]): void => {
      const bin = mkdtempSync(join(folder, 'bin-'));
      for (const program of programs) {
        const { stdout } = execaSync('sh', ['-c', `command -v ${program}`], { env: { PATH: before_ } });
        symlinkSync(stdout, join(bin, program));
      }
      process.env['PATH'] = bin;
    };
    before(() => {
      assert.ok(before_ !== undefined);
    });
    after(() => {
      process.env['PATH'] = before_;
    });

    it('are checked by gpg where there is no gpgv', async () => {
      only('gpg', 'xz');
      assert.deepEqual(await read(), []);
      mirror.addSuite('/debian', 'bookworm', [], { sign: other.sign });
      assert.match((await rejection(read())).found ?? '', /no signature by a valid key/);
    });

    it('are not to be had where there is neither, and it is said which package has one', async () => {
      only('xz');
      const { code, expected, found, next } = await rejection(read());
      assert.deepEqual([code, expected, found], ['VGB-LAB-TOOLS', 'gpgv or gpg', 'neither']);
      assert.match(next ?? '', /gnupg/);
    });
  });
});
