/** A few of what `doctor-broken.long.test.ts` has. */
import { describeDoctor } from '../support/described/doctor-suite.ts';

describeDoctor(3);
