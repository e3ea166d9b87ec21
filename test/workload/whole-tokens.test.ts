import { testWholeTokens } from './whole-tokens.ts';

testWholeTokens(5000);
