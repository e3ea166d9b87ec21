/** What doctor says of healthy set-ups on described Xen hosts, and of twenty broken ones. */
import { describeDoctor } from '../support/described/doctor-suite.ts';

describeDoctor(20);
