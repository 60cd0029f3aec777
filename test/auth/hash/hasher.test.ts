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
