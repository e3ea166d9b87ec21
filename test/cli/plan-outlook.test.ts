import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { outlookText } from '../../src/cli/plan-outlook.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { writeRun } from './run-directories.ts';

const scratch = mkdtempSync(join(tmpdir(), 'vgb-outlook-'));
after(() => {
  rmSync(scratch, { recursive: true, force: true });
});
const { experiment } = simulatedRun();

it('plan says what an earlier run lets it detect, cell by cell', () => {
  const text = outlookText(experiment, writeRun(join(scratch, 'earlier'), {}));
  assert.match(text, /what 10 blocks can detect/);
  assert.match(text, /slow +work +time +0\.\d% +0\.\d% +\d+ blocks +\d+ blocks +(any|\d+)/);
});

it('plan says so where no earlier run tells', () => {
  assert.match(outlookText(experiment, undefined), /not known before a first run/);
  const short = writeRun(join(scratch, 'short'), { design: '{ blocks: 1 }' });
  assert.match(outlookText(experiment, short), /too few blocks/);
});
