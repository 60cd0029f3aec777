/** @module What hashing a password costs, and the bounds of it. */
import { InvalidHashOptionError } from './errors.ts'

/** The part `hash` of `config/auth.ts`. */
export interface HashConfig {
  /** The memory of one hash, in KiB; default 19,456, which OWASP recommends with two passes. */
  readonly memory?: number
  /** How often the memory is gone over; default 2. */
  readonly passes?: number
  /** Lanes of one hash, which threads of their own compute; default 1. */
  readonly parallelism?: number
  /** How many hashes are computed at once, in threads that files and names of hosts need as well; default 2. */
  readonly concurrency?: number
}

/** What a hash costs. */
export interface Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

export const DEFAULTS = { memory: 19_456, passes: 2, parallelism: 1, concurrency: 2 } as const

/** What a stored hash may cost, so that one from elsewhere cannot take the machine; a configuration above it raises it. */
export const CEILING: Cost = { memory: 262_144, passes: 16, parallelism: 16 }

/** What argon2 itself can count. */
const LARGEST = { memory: 2 ** 32 - 1, passes: 2 ** 32 - 1, parallelism: 2 ** 24 - 1, concurrency: 1_024 }

/** The least memory that argon2 takes for each lane, in KiB. */
export const MEMORY_OF_LANE = 8

/** @throws {InvalidHashOptionError} */
export function costOf(config: HashConfig): Required<HashConfig> {
  const options = { ...DEFAULTS, ...config }
  for (const name of ['parallelism', 'memory', 'passes', 'concurrency'] as const) {
    const least = name === 'memory' ? MEMORY_OF_LANE * options.parallelism : 1
    const value = options[name]
    if (Number.isInteger(value) && value >= least && value <= LARGEST[name]) continue
    throw new InvalidHashOptionError(name, value, least, LARGEST[name])
  }
  return options
}
