/** One of each kind of what `xengt.long.test.ts` has. */
import { describeXengt } from '../support/described/xengt-suite.ts';

describeXengt(false);
