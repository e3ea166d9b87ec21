import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { trendText } from '../../src/cli/terminal/trend-text.ts';
import { coloursFor } from '../../src/cli/terminal/output.ts';
import { trendOf } from '../../src/trend/trend.ts';
import { exampleHistory } from './example-history.ts';

describe('the example of docs/trend.md', () => {
  it('is what the command prints of that history', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/trend.md'), 'utf8');
    const text = trendText(trendOf(exampleHistory()), coloursFor({ fd: -1 }));
    assert.ok(docs.includes(text.replace(/^(?=.)/gm, '    ').trimEnd()), text);
  });
});
