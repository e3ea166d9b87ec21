/** GVT-g on a described host with KVM, in every way that it can fail. */
import { describeGvtg } from '../support/described/gvtg-suite.ts';

describeGvtg(true);
