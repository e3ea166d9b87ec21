import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { LinkLost } from '../../src/target/link.ts';
import { masterArguments, ownArguments } from '../../src/target/ssh.ts';
import { Target } from '../../src/target/target.ts';
import { problemOf } from '../support/problem.ts';
import { testTargets } from '../support/targets.ts';

describe('the address of a target', () => {
  const lab = testTargets([{ alias: 'a' }]);

  it('is never an option of ssh, nor more than one word', () => {
    for (const ssh of ['-oProxyCommand=touch /tmp/x', '-v', 'a b', 'a\nb', ' a', '-'])
      assert.equal(problemOf(() => masterArguments({ ssh }, 'socket', ':')).code, 'VGB-SSH-ADDRESS', ssh);
    for (const ssh of ['a', 'user@a', '$(id)', 'a;b', '[::1]:22', '`id`@host:22'])
      assert.ok(masterArguments({ ssh }, 'socket', ':').includes('--'), ssh);
  });

  it('that holds shell text runs nothing here', async () => {
    const trace = join(lab.folder, 'trace');
    for (const ssh of [`$(touch\${IFS}${trace})`, `\`touch\${IFS}${trace}\`@a`, `a;touch\${IFS}${trace}`])
      await assert.rejects(
        new Target('injected', { ssh, config: lab.servers.sshConfig }, lab.folder).facts(),
        LinkLost,
        ssh,
      );
    assert.equal(existsSync(trace), false);
  });

  it('has nothing forwarded to it, and asks for nothing, whatever the user’s settings are', async () => {
    const lax = join(lab.folder, 'lax_config');
    writeFileSync(
      lax,
      `Host *
  ForwardAgent yes
  ForwardX11 yes
  ForwardX11Trusted yes
  Tunnel yes
  LocalForward 1234 localhost:80
  RemoteForward 1234 localhost:80
  PermitLocalCommand yes
  LocalCommand true
  StrictHostKeyChecking no
  BatchMode no
`,
    );
    const address = { ssh: 'a', config: lax };
    for (const given of [masterArguments(address, 'none', ':'), ownArguments(address, ':')]) {
      // What ssh itself makes of them.
      const { stdout } = await execa('ssh', ['-G', ...given]);
      const settings = new Map(stdout.split('\n').map((line) => line.split(/ (.*)/) as [string, string]));
      for (const key of ['forwardagent', 'forwardx11', 'permitlocalcommand'])
        assert.equal(settings.get(key) ?? 'no', 'no', key);
      assert.equal(settings.get('tunnel'), 'false');
      assert.equal(settings.get('clearallforwardings'), 'yes');
      assert.match(settings.get('stricthostkeychecking') ?? '', /^(true|yes)$/);
      assert.equal(settings.get('batchmode'), 'yes');
    }
  });

  it('whose host key has changed is refused, also where the user’s settings are lax', async () => {
    const config = readFileSync(lab.servers.sshConfig, 'utf8');
    const known = /UserKnownHostsFile (\S+)/.exec(config)?.[1] ?? '';
    const [host = '', kind = ''] = readFileSync(known, 'utf8').split(' ');
    const other = join(lab.folder, 'known_hosts');
    // A key of that kind whose last bytes are others.
    const key = readFileSync(known, 'utf8').split(' ')[2]?.trim() ?? '';
    const bytes = Buffer.from(key, 'base64');
    bytes.fill(7, bytes.length - 16);
    writeFileSync(other, `${host} ${kind} ${bytes.toString('base64')}\n`);
    const lax = join(lab.folder, 'ssh_config');
    writeFileSync(lax, `StrictHostKeyChecking no\n${config.replaceAll(known, other)}`);
    const target = new Target('changed', { ssh: 'a', config: lax }, lab.folder);
    await assert.rejects(target.facts(), (error) => {
      assert.ok(error instanceof LinkLost);
      assert.match(error.found ?? '', /host key|identification has changed/i);
      return true;
    });
  });
});
