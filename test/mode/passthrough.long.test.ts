/** Pass-through on described hosts of Xen and of KVM, in every way that it can fail. */
import { describePassthrough } from '../support/described/passthrough-suite.ts';

describePassthrough(true);
