import { describe } from 'node:test';
import { testStopping } from './stopping.ts';

describe('a run that stops on precision, in 2,000 runs', () => {
  testStopping(2000);
});
