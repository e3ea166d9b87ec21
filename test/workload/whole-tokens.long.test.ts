import { testWholeTokens } from './whole-tokens.ts';

testWholeTokens(100_000);
