import { describe } from 'node:test';
import { testGateAlarms } from './gate-alarms.ts';

describe('the gate, in 100 campaigns', () => {
  testGateAlarms(100, [0.01]);
});
