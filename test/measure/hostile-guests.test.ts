import { testHostileGuests } from './hostile-guests.ts';

/** Each evil once. */
testHostileGuests(21, 1);
