import { describe } from 'node:test';
import { testCoverage } from './coverage.ts';

// The Monte-Carlo error of 500 experiments is one point.
describe('the 95% interval of the ratio at ten blocks, in 500 experiments', () => {
  testCoverage(500, 2);
});
