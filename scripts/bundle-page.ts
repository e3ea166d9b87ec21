/** Puts the program of the report's page next to the built files: `npm run build`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageScript } from '../src/report/page-script.ts';

writeFileSync(join(import.meta.dirname, '../dist/page.js'), pageScript());
