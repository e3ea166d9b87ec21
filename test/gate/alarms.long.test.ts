import { describe } from 'node:test';
import { testGateAlarms } from './gate-alarms.ts';

describe('the gate, in 1,000 campaigns', () => {
  testGateAlarms(1000, [0.01, 0.02]);
});
