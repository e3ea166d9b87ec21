/** The text of a PDF, as read by poppler. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { execa } from 'execa';

const PDFTOTEXT = '/usr/bin/pdftotext';

/** Its text on one line, words separated by single spaces. */
export async function pdfText(pdf: Uint8Array): Promise<string> {
  assert.ok(existsSync(PDFTOTEXT), `no ${PDFTOTEXT}: apt-get install poppler-utils`);
  const { stdout } = await execa(PDFTOTEXT, ['-raw', '-', '-'], { input: pdf });
  return stdout.replace(/\s+/g, ' ');
}

export function pagesIn(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
