import { describe } from 'node:test';
import { testAlarmRate } from './alarm-rate.ts';

describe('a gate of 20 cells in which nothing differs, in 200 campaigns', () => {
  testAlarmRate(200);
});
