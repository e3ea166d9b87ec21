/** A mirror of Debian on the loopback interface, with its own packages, indices and signatures. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { execaSync } from 'execa';

/** A program's output, unchanged even if it ends with what would be a newline in a text. */
const BINARY = { encoding: 'buffer', stripFinalNewline: false } as const;

export interface MadePackage {
  name: string;
  version: string;
  depends?: string;
  /** What it installs, by path. */
  files?: Record<string, string>;
}

/** A signer with a key of its own; `end` ends what gpg has left running. */
export function makeSigner(home: string) {
  mkdirSync(home, { mode: 0o700 });
  const gpg = (args: string[], input = '') =>
    execaSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], { ...BINARY, input }).stdout;
  gpg(['--passphrase', '', '--quick-gen-key', 'Archive <archive@example.org>', 'ed25519', 'sign', 'never']);
  return {
    keyring: Buffer.from(gpg(['--export'])),
    sign: (text: string) => Buffer.from(gpg(['--clearsign', '--output', '-'], text)),
    end: () => {
      execaSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    },
  };
}

/** A .deb, as made by dpkg-deb. */
export function makeDeb(files: Record<string, string>, compress: (tar: Buffer) => Buffer = xz): Buffer {
  const data = compress(tarOf(files));
  return arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.xz', xz(tarOf({}))],
    ['data.tar.xz', data],
  ]);
}

function xz(content: Buffer): Buffer {
  return Buffer.from(execaSync('xz', ['-0', '-c'], { ...BINARY, input: content }).stdout);
}

export function arOf(members: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
    return [
      Buffer.from(`${header}${String(content.length).padEnd(10)}\`\n`),
      content,
      Buffer.alloc(content.length % 2, '\n'),
    ];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** POSIX's ustar, plain files only. */
function tarOf(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    const put = (at: number, field: string) => header.write(field, at, 'latin1');
    put(0, `./${path}`);
    put(100, '0000644\0' + '0000000\0'.repeat(2));
    put(124, `${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0${' '.repeat(8)}0`);
    put(257, 'ustar\x0000');
    put(
      148,
      `${[...header]
        .reduce((sum, byte) => sum + byte)
        .toString(8)
        .padStart(6, '0')}\0 `,
    );
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const date = (at: Date): string => at.toUTCString().replace('GMT', 'UTC');

export interface SuiteOptions {
  sign: (text: string) => Buffer;
  /** Default: the suite's own name. */
  codename?: string;
  validUntil?: Date;
}

/** Files by path, served like a mirror's; a test may change them. */
export class Mirror {
  readonly files: Map<string, Buffer>;
  /** The requests, as in their first lines. */
  readonly asked: string[] = [];
  #server: Server | undefined;

  /** @param files Its files, e.g. another mirror's. */
  constructor(files: Iterable<[string, Buffer]> = []) {
    this.files = new Map(files);
  }

  async start(): Promise<string> {
    this.#server = createServer((request, answer) => {
      const url = request.url ?? '';
      this.asked.push(url);
      const content = this.files.get(decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname));
      answer.writeHead(content === undefined ? 404 : 200).end(content);
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** Puts packages and a signed index of them into a tree such as `/debian`. */
  addSuite(tree: string, suite: string, packages: readonly MadePackage[], options: SuiteOptions): void {
    const paragraphs = packages.map(({ name, version, depends, files = {} }) => {
      const deb = makeDeb(files);
      const path = `pool/main/${name}_${version.replace(/^\d+:/, '')}_amd64.deb`;
      this.files.set(`${tree}/${path}`, deb);
      return [
        `Package: ${name}`,
        `Version: ${version}`,
        'Architecture: amd64',
        ...(depends === undefined ? [] : [`Depends: ${depends}`]),
        `Filename: ${path}`,
        `Size: ${deb.length}`,
        `SHA256: ${sha256(deb)}`,
        'Maintainer: Nobody <nobody@example.org>',
        'Description: made by a test',
        '',
      ].join('\n');
    });
    const text = Buffer.from(paragraphs.join('\n'));
    const index = xz(text);
    const { sign, codename = suite, validUntil } = options;
    const release = [
      'Origin: Debian',
      'Label: Debian',
      `Suite: ${suite}`,
      `Codename: ${codename}`,
      `Date: ${date(new Date(Date.now() - 60_000))}`,
      ...(validUntil === undefined ? [] : [`Valid-Until: ${date(validUntil)}`]),
      'Architectures: amd64',
      'Components: main',
      'SHA256:',
      // apt takes an index that is packed for a form of this one.
      ` ${sha256(text)} ${text.length} main/binary-amd64/Packages`,
      ` ${sha256(index)} ${index.length} main/binary-amd64/Packages.xz`,
      '',
    ].join('\n');
    this.files.set(`${tree}/dists/${suite}/main/binary-amd64/Packages.xz`, index);
    this.files.set(`${tree}/dists/${suite}/InRelease`, sign(release));
  }
}
