/** @module Where the processes of a test are killed: everywhere in a deep run, in CI at one of sixty places, else at a few. */

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env

// In CI a change is told from chance; elsewhere each run looks at other places.
export const seed = Number(given ?? (isContinuous ? 41 : Date.now() % 2 ** 31))

/** Of so many places that follow each other, one is taken. */
const STRIDE = isDeep ? 1 : isContinuous ? 60 : 80

export const howMany = isDeep
  ? 'before and during each statement'
  : `at one of ${STRIDE} places, LIMBER_TEST_SEED=${seed}`

export interface Point {
  readonly place: number
  readonly moment: 'before' | 'during'
}

/** Before each statement of a run of so many and while it runs, or a part of that which spreads over the run. */
export function pointsOf(statements: number): Point[] {
  const all = Array.from({ length: statements }, (_, index) => index + 1).flatMap((place): Point[] => [
    { place, moment: 'before' },
    { place, moment: 'during' },
  ])
  const random = randomFrom(seed)
  return Array.from({ length: Math.ceil(all.length / STRIDE) }, (_, index) => {
    const group = all.slice(index * STRIDE, (index + 1) * STRIDE)
    return group[Math.floor(random() * group.length)]
  }).filter((point) => point !== undefined)
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
