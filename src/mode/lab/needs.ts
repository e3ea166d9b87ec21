import type { Need } from '../../words/need.ts';

/** What every boundary of the lab is built with, on both sides. */
export const LAB_NEEDS: Need[] = [
  { at: 'guest', program: 'vgpu-mode' },
  { at: 'host', program: 'vgpu-mode' },
];

export const MADE_ON_HOST = 'is set up on the guest’s host';
