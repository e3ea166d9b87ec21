/** API forwarding between a described host and its guests, in every way that it can fail. */
import { describeForwarding } from '../support/described/forwarding-suite.ts';

describeForwarding(true);
