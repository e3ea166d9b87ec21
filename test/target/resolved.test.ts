import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resolvedDigest } from '../../src/target/resolved.ts';
import { testFolder } from '../support/directory.ts';

describe('the digest of how a target is reached', () => {
  const folder = testFolder();

  it('changes with what ssh makes of its address, and with nothing else of the configuration', async () => {
    const config = join(folder, 'config');
    const of = (text: string, ssh = 'g1') => {
      writeFileSync(config, text);
      return resolvedDigest({ ssh, config });
    };
    const g1 = 'Host g1\n  HostName 10.0.0.1\n';
    const first = await of(g1);
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await of(`# the same\n${g1}Host other\n  HostName 10.0.0.9\n`), first);
    assert.notEqual(await of(g1.replace('0.1', '0.2')), first);
    assert.notEqual(await of(`${g1}  ProxyJump gate\n`), first);
    assert.notEqual(await of(g1, 'root@g1:2222'), first);
  });

  it('is none where ssh can’t read the configuration, or the address is none', async () => {
    assert.equal(await resolvedDigest({ ssh: 'g1', config: '/no/such/config' }), undefined);
    assert.equal(await resolvedDigest({ ssh: '-oProxyCommand=x' }), undefined);
  });
});
