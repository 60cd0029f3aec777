/** @module Where the processes of a test are killed: everywhere in a deep run, else at a tenth of the places, by a seed. */

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env

// In CI a change is told from chance; elsewhere each run looks at other places.
export const seed = Number(given ?? (isContinuous ? 41 : Date.now() % 2 ** 31))

export const howMany = isDeep ? 'everywhere' : `at a tenth of its statements, LIMBER_TEST_SEED=${seed}`

export interface Point {
  readonly place: number
  readonly moment: 'before' | 'during'
}

/** Each statement of a run of so many, before it and while it runs, or a tenth of that. */
export function pointsOf(statements: number): Point[] {
  const all = Array.from({ length: statements }, (_, index) => index + 1).flatMap((place): Point[] => [
    { place, moment: 'before' },
    { place, moment: 'during' },
  ])
  if (isDeep) return all
  const random = randomFrom(seed)
  // One of each ten, so that they spread over the run.
  return Array.from({ length: Math.ceil(all.length / 10) }, (_, ten) => {
    const group = all.slice(ten * 10, ten * 10 + 10)
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
