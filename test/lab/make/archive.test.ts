/** Which archive Debian's packages are from, on whatever machine. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { archives } from '../../../src/lab/make/archive.ts';
import { testFolder } from '../../support/directory.ts';

const folder = testFolder();

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_CODENAME=trixie\n';
const DEFAULT = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
};
const OLD = {
  main: 'http://archive.debian.org/debian',
  security: 'http://archive.debian.org/debian-security',
  old: true,
};

/** A machine's /etc. */
function etcWith(release: string, files: Record<string, string>): string {
  const etc = mkdtempSync(join(folder, 'etc-'));
  mkdirSync(join(etc, 'apt/sources.list.d'), { recursive: true });
  writeFileSync(join(etc, 'os-release'), release);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, 'apt', name), text);
  return etc;
}

const firstOf = (files: Record<string, string>, release = DEBIAN) =>
  archives(undefined, etcWith(release, files))[0];

describe('the archives that are asked for Debian 12', () => {
  it('are the default one and then that of old releases, where nothing else is known', () => {
    assert.deepEqual(archives(undefined, join(folder, 'none')), [DEFAULT, OLD]);
    assert.deepEqual(archives('', join(folder, 'none')), [DEFAULT, OLD]);
  });

  it('are first the one that the user names, whatever the machine’s sources say', () => {
    const etc = etcWith(DEBIAN, { 'sources.list': 'deb http://ftp.example.org/debian trixie main\n' });
    assert.deepEqual(archives('http://near.example.org/debian/', etc), [
      { main: 'http://near.example.org/debian', security: 'http://near.example.org/debian-security' },
      DEFAULT,
      OLD,
    ]);
  });

  it('are first that of a Debian’s sources, a line each', () => {
    const list = [
      '# deb http://commented.example.org/debian trixie main',
      'deb-src http://sources.example.org/debian trixie main',
      'deb http://others.example.org/debian trixie stable',
      'deb [arch=amd64 signed-by=/a/key.gpg] http://ftp.example.org/debian/ trixie main contrib # near',
      'deb http://ftp.example.org/debian trixie-updates main',
      'deb http://safe.example.org/debian-security trixie-security main',
    ];
    assert.deepEqual(firstOf({ 'sources.list': list.join('\n') }), {
      main: 'http://ftp.example.org/debian',
      security: 'http://safe.example.org/debian-security',
    });
  });

  it('are first that of a Debian’s sources in paragraphs', () => {
    const sources = [
      '# Ours',
      'Types: deb',
      'URIs: http://off.example.org/debian',
      'Suites: trixie',
      'Components: main',
      'Enabled: no',
      '',
      'Types: deb deb-src',
      'URIs:',
      ' http://ftp.example.org/debian',
      'Suites: trixie trixie-updates',
      'Components: main',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' mDMEY',
      '',
      'Types: deb',
      'URIs: http://ftp.example.org/debian-security',
      'Suites: trixie-security',
      'Components: main',
    ];
    assert.deepEqual(firstOf({ 'sources.list.d/debian.sources': sources.join('\n') }), {
      main: 'http://ftp.example.org/debian',
      security: 'http://ftp.example.org/debian-security',
    });
  });

  it('look for security updates beside the mirror where the sources name none', () => {
    assert.deepEqual(firstOf({ 'sources.list': 'deb http://ftp.example.org/debian unstable main\n' }), {
      main: 'http://ftp.example.org/debian',
      security: 'http://ftp.example.org/debian-security',
    });
  });

  it('are none of another distribution’s, nor what is no mirror', () => {
    const ubuntu = 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n';
    const line = 'deb http://ftp.example.org/debian noble main\n';
    assert.deepEqual(firstOf({ 'sources.list': line }, ubuntu), DEFAULT);
    const other =
      'deb [trusted=yes] file:/srv/debian trixie main\ndeb http://a.example.org/debian/13/prod trixie main\n';
    assert.deepEqual(firstOf({ 'sources.list': other, 'sources.list.d/README': line }), DEFAULT);
  });

  it('are each asked once', () => {
    assert.deepEqual(archives(`${DEFAULT.main}/`), [DEFAULT, OLD]);
  });
});
