/** Puts the program of the report's page beside what is built: `npm run build`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageScript } from '../src/report/page-script.ts';

writeFileSync(join(import.meta.dirname, '../dist/page.js'), pageScript());
