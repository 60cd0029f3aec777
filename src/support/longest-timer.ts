/** @module The longest time that a timer of Node takes; a longer one is over at once. */

/** In milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1
