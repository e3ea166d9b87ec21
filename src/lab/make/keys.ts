/** The lab's own SSH keys: created once per cache, known to nobody else, and used without prompts. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import type { LabPaths } from '../paths.ts';

export interface LabKeys {
  /** File with the user's private key. */
  identity: string;
  /** The line for authorized_keys. */
  authorized: string;
  /** The boxes' host key in dropbear's format, and as in known_hosts. */
  hostPrivate: Buffer;
  hostPublic: string;
}

const KEY_TYPE = 'ssh-ed25519';

function lengthPrefixed(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** dropbear's format: the type's name, then seed and public key as one string (dropbear's ed25519.c). */
function makeHostKey(): { privateKey: Buffer; publicLine: string } {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(jwk.d ?? '', 'base64url');
  const point = Buffer.from(jwk.x ?? '', 'base64url');
  const name = lengthPrefixed(Buffer.from(KEY_TYPE));
  const wire = Buffer.concat([name, lengthPrefixed(point)]);
  return {
    privateKey: Buffer.concat([name, lengthPrefixed(Buffer.concat([seed, point]))]),
    publicLine: `${KEY_TYPE} ${wire.toString('base64')}`,
  };
}

async function makeKeys(folder: string): Promise<void> {
  // Left over from an interrupted attempt; ssh-keygen would ask about it.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const args = ['-q', '-t', 'ed25519', '-N', '', '-C', 'vgpubench-lab', '-f', join(folder, 'id_ed25519')];
  const { failed, all, shortMessage } = await execa('ssh-keygen', args, {
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  if (failed)
    throw labProblem('VGB-LAB-KEYS', {
      message: `could not create an SSH key in ${folder}`,
      details: [all || (shortMessage ?? '')],
    });
  const host = makeHostKey();
  await writeFile(join(folder, 'host_ed25519'), host.privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'host_ed25519.pub'), `${host.publicLine}\n`);
}

export async function ensureKeys(paths: LabPaths): Promise<LabKeys> {
  const identity = join(paths.keys, 'id_ed25519');
  if (!existsSync(join(paths.keys, 'host_ed25519.pub'))) await makeKeys(paths.keys);
  await chmod(identity, 0o600);
  return {
    identity,
    authorized: await readFile(`${identity}.pub`, 'utf8'),
    hostPrivate: await readFile(join(paths.keys, 'host_ed25519')),
    hostPublic: (await readFile(join(paths.keys, 'host_ed25519.pub'), 'utf8')).trim(),
  };
}
