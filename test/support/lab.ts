import { join } from 'node:path';

/** Where the tests have a lab of their own: one that is up is left alone. What it builds is kept for the next time. */
export const LAB_CACHE = join(import.meta.dirname, '../../.cache/lab-test');
