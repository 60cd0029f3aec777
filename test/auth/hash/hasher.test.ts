import { Hasher } from 'limber/auth'
import { expect, test } from 'vitest'

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

test('a digest is that of the standard, of texts and of bytes', () => {
  const sha256 = new Hasher('sha256')
  expect(sha256.digest('abc')).toBe(ABC)
  expect(sha256.digest(new Uint8Array([97, 98, 99]))).toBe(ABC)
  expect(new Hasher('SHA256').digest('abc')).toBe(ABC)
  expect(new Hasher('md5').digest('')).toBe('d41d8cd98f00b204e9800998ecf8427e')
})

test('a digest without a length of its own has that of RFC 8702', () => {
  // The beginning of each is that of FIPS 202, for a text without letters.
  expect(new Hasher('shake128').digest('')).toBe(
    '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
  )
  expect(new Hasher('SHAKE256').digest('')).toMatch(/^46b9dd2b0ba88d13233b3feb743eeb24[\da-f]{96}$/)
})

test('a value matches its digest and no other', () => {
  const sha256 = new Hasher('sha256')
  expect(sha256.matches('abc', ABC)).toBe(true)
  expect(sha256.matches('abc', ABC.toUpperCase())).toBe(true)
  expect(sha256.matches('abd', ABC)).toBe(false)
  for (const other of ['', ABC.slice(0, 62), `${ABC}00`, `${ABC.slice(0, 63)}é`, 'z'.repeat(64)]) {
    expect(sha256.matches('abc', other), other).toBe(false)
  }
})

test.each([
  ['sha265', 'Did you mean "sha256"?'],
  ['password', 'crypto.getHashes()'],
  ['', 'crypto.getHashes()'],
])('the digest %j is unknown', (algorithm, hint) => {
  expect(() => new Hasher(algorithm)).toThrow(
    expect.objectContaining({ code: 'LIMBER_UNKNOWN_DIGEST', hint: expect.stringContaining(hint) }),
  )
})
