/** PVDRM on a described Xen host, in every way that it can fail. */
import { describePvdrm } from '../support/described/pvdrm-suite.ts';

describePvdrm(true);
