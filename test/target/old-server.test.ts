import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinkLost } from '../../src/target/link.ts';
import { testTargets } from '../support/targets.ts';

describe('a server whose algorithms the client no longer uses', () => {
  const lab = testTargets([{ alias: 'old', client: ['  HostKeyAlgorithms ecdsa-sha2-nistp256'] }]);
  const lost = async (alias: string) => {
    try {
      await lab.target(alias).reconnect(() => undefined);
    } catch (error) {
      if (error instanceof LinkLost) return { final: error.final, next: error.next ?? '' };
    }
    return undefined;
  };

  it('is told to be old, and not to have another key', async () => {
    const { final, next } = (await lost('old'))!;
    assert.ok(final, 'it is tried once');
    assert.match(next, /HostKeyAlgorithms \+ssh-rsa/);
    assert.doesNotMatch(next, /verify this host’s key/);
  });
});
