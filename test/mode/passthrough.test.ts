/** One of each kind of what `passthrough.long.test.ts` has. */
import { describePassthrough } from '../support/described/passthrough-suite.ts';

describePassthrough(false);
