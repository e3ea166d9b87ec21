import { describe } from 'node:test';
import { testCoverage } from './coverage.ts';

// The Monte-Carlo error of 4,000 experiments is 0.35 points.
describe('the 95% interval of the ratio at ten blocks, in 4,000 experiments', () => {
  testCoverage(4000);
});
