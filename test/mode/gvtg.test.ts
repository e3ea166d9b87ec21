/** One of each kind of what `gvtg.long.test.ts` has. */
import { describeGvtg } from '../support/described/gvtg-suite.ts';

describeGvtg(false);
