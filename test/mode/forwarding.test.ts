/** One of each kind of what `forwarding.long.test.ts` has. */
import { describeForwarding } from '../support/described/forwarding-suite.ts';

describeForwarding(false);
