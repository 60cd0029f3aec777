/** @module limber/auth: guards, the users behind requests, what they may do, and hashes of passwords. */
export * from './hash/errors.ts'
export { Hash } from './hash/hash.ts'
export type { HashConfig } from './hash/hash-config.ts'
export { Hasher } from './hash/hasher.ts'
