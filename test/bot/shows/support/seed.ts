/** @module The seed of a run, printed in the names of its tests, and chance that is the same with the same seed. */
const { LIMBER_TEST_SEED: given, LIMBER_TEST_DEEP: deep, CI: isContinuous } = process.env

export const isDeep = Boolean(deep)
// In CI a change is told from chance; elsewhere each run is another one.
export const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

export class Chance {
  #state: number

  /** @param name draws of other names are others */
  constructor(name: string) {
    this.#state = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed) | 0
  }

  /** From 0 on, below the limit: mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  one<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }
}
