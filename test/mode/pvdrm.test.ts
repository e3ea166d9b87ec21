/** One of each kind of what `pvdrm.long.test.ts` has. */
import { describePvdrm } from '../support/described/pvdrm-suite.ts';

describePvdrm(false);
