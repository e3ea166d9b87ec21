/** XenGT on a described Xen host, in every way that it can fail. */
import { describeXengt } from '../support/described/xengt-suite.ts';

describeXengt(true);
