import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NAMED, asCalled, calledAs } from '../../src/cli/terminal/called.ts';
import { COMMANDS } from '../../src/cli/commands/table.ts';

describe('a command that a message names', () => {
  it('begins as the one did that was typed', () => {
    for (const [program, directory, name] of [
      ['/usr/bin/vgpubench', '/home/me', 'vgpubench'],
      ['/home/me/vgpubench/bin/vgpubench', '/home/me/vgpubench', 'bin/vgpubench'],
      ['/home/me/vgpubench/bin/vgpubench', '/home/me/runs', '../vgpubench/bin/vgpubench'],
      ['/home/me/my bench/bin/vgpubench', '/home/me', "'my bench/bin/vgpubench'"],
      ['/home/me/.npm/_npx/1/node_modules/.bin/vgpubench', '/home/me', 'npx vgpubench'],
      ['/home/me/run.js', '/home/me', 'vgpubench'],
    ] as const)
      assert.equal(calledAs(program, directory, '/usr/bin:/bin'), name);
  });

  it('is changed wherever it stands, and nothing else is', () => {
    assert.equal(
      asCalled('go on: vgpubench resume R; then vgpubench lab up', 'bin/vgpubench'),
      'go on: bin/vgpubench resume R; then bin/vgpubench lab up',
    );
    for (const text of [
      'vgpubench needs Node',
      'where vgpubench runs',
      '/opt/vgpubench run',
      'vgpubench runs it',
    ])
      assert.equal(asCalled(text, 'npx vgpubench'), text);
  });

  it('may be any command there is', () => {
    assert.deepEqual(NAMED.toSorted(), COMMANDS.map((make) => make(() => undefined).name()).toSorted());
  });
});
