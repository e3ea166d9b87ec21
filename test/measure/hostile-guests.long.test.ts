import { testHostileGuests } from './hostile-guests.ts';

testHostileGuests(100, 2);
