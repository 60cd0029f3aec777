import { argon2Sync } from 'node:crypto'
import { Hash } from 'limber/auth'
import { describe, expect, test } from 'vitest'

/** As cheap as argon2 can be: what is tested does not depend on the cost. */
const CHEAP = { memory: 8, passes: 1 }
const cheap = new Hash(CHEAP)

const code = (name: string) => expect.objectContaining({ code: name })

describe('a password', () => {
  test('is hashed as OWASP recommends, with a salt of its own, and found again', async () => {
    const hash = new Hash()
    const [one, other] = await Promise.all([hash.make('correct horse'), hash.make('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(other)
    expect(await hash.check('correct horse', one)).toBe(true)
    expect(await hash.check('correct horsf', one)).toBe(false)
    expect(hash.needsRehash(one)).toBe(false)
  })

  test('is the same however a keyboard composes its letters, and another one when a letter only looks alike', async () => {
    const stored = await cheap.make('se\u00f1or')
    expect(await cheap.check('sen\u0303or', stored)).toBe(true)
    expect(await cheap.check('senor', stored)).toBe(false)
    const ligature = await cheap.make('\ufb01re')
    expect(await cheap.check('fire', ligature)).toBe(false)
  })

  test.each(['a\0b', ' ', '🔑', 'x'.repeat(4_096), 'é'.repeat(2_048)])('may be %j', async (password) => {
    const stored = await cheap.make(password)
    expect(await cheap.check(password, stored)).toBe(true)
    expect(await cheap.check(password.slice(1), stored)).toBe(false)
    expect(await cheap.check(`${password}\0`, stored)).toBe(false)
  })

  const IMPOSSIBLE: [string, unknown, string][] = [
    ['nothing', '', 'is empty'],
    ['one byte too many', 'x'.repeat(4_097), 'longer than 4096 bytes'],
    ['few letters of many bytes', '🔑'.repeat(1_025), 'longer than 4096 bytes'],
    ['half a character', '\ud83d', 'half a character'],
    ['a number', 12345678, 'is no text'],
    ['an object', { $ne: null }, 'is no text'],
    ['what is left out', undefined, 'is no text'],
  ]

  test.each(IMPOSSIBLE)('that is %s is refused, and is never the right one', async (_case, value, reason) => {
    // What clients send is not always what the types say.
    const password = value as string
    await expect(cheap.make(password)).rejects.toMatchObject({
      code: 'LIMBER_INVALID_PASSWORD',
      kind: 'invalid',
      message: expect.stringContaining(reason),
    })
    expect(await cheap.check(password, await cheap.make('�'))).toBe(false)
    await cheap.pretend(password)
  })
})

describe('a hash', () => {
  test.each([
    // The test vectors of the reference implementation, argon2 20190702: its README and src/test.c.
    ['argon2i', '$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG'],
    ['argon2id', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ])('that another implementation made with %s is checked with its own cost', async (_name, stored) => {
    expect(await cheap.check('password', stored)).toBe(true)
    expect(await cheap.check('Password', stored)).toBe(false)
    expect(cheap.needsRehash(stored), 'its salt is short').toBe(true)
  })

  test('is computed by the platform as RFC 9106 says in section 5.3', () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    })
    expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })

  test('needs to be made anew when the configuration has become more expensive, not when it is cheaper', async () => {
    const stored = await new Hash({ memory: 32, passes: 2, parallelism: 2 }).make('secret')
    const needs = (memory: number, passes: number, parallelism: number) =>
      new Hash({ memory, passes, parallelism }).needsRehash(stored)
    expect(needs(32, 2, 2)).toBe(false)
    expect(needs(16, 1, 1)).toBe(false)
    expect(needs(33, 2, 2)).toBe(true)
    expect(needs(32, 3, 2)).toBe(true)
    expect(needs(32, 2, 3)).toBe(true)
  })

  const salt = 'c29tZXNhbHRzb21lc2FsdA'
  const digest = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const of = (cost: string) => `$argon2id$v=19$${cost}$${salt}$${digest}`

  test.each([
    ['is empty', ''],
    ['is the password itself', 'correct horse'],
    ['is that of bcrypt', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
    ['was cut off by its column', of('m=8,t=1,p=1').slice(0, 60)],
    ['is of an old version', of('m=8,t=1,p=1').replace('v=19', 'v=16')],
    ['has no version', of('m=8,t=1,p=1').replace('$v=19', '')],
    ['has its cost in another order', of('t=1,m=8,p=1')],
    ['has padding', `${of('m=8,t=1,p=1')}=`],
    ['has a line after it', `${of('m=8,t=1,p=1')}\n`],
    ['is no base64', of('m=8,t=1,p=1').replace(digest, `${digest.slice(0, -1)}d`)],
    ['would take 4 TiB', of('m=4294967295,t=1,p=1')],
    ['would take years', of('m=8,t=4294967295,p=1')],
    ['has a million lanes', of('m=262144,t=1,p=1000000')],
    ['has too little memory for its lanes', of('m=8,t=1,p=2')],
    ['is a million letters', `$argon2id$v=19$m=8,t=1,p=1$${'a'.repeat(1_000_000)}`],
    ['is left out', undefined as unknown as string],
  ])('that %s is an error that does not show it', async (_case, stored) => {
    const error = await cheap.check('correct horse', stored).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'LIMBER_MALFORMED_HASH', kind: 'internal' })
    if (stored) expect(JSON.stringify([error, String(error)])).not.toContain(stored.slice(-20))
    expect(() => cheap.needsRehash(stored)).toThrow(code('LIMBER_MALFORMED_HASH'))
  })

  test('may cost what the configuration asks for, however much that is', async () => {
    const stored = of('m=136,t=1,p=17')
    await expect(cheap.check('secret', stored)).rejects.toThrow('its parallelism is 17, and at most 16')
    expect(await new Hash({ memory: 136, passes: 1, parallelism: 17 }).check('secret', stored)).toBe(false)
  })
})

test('more hashes than are computed at once wait in the order in which they came, those of nobody as well', async () => {
  const hash = new Hash({ ...CHEAP, concurrency: 1 })
  const expensive = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const ended: string[] = []
  const note = (name: string) => () => ended.push(name)
  await Promise.all([
    hash.check('password', expensive).then(note('expensive')),
    hash.make('secret').then(note('make')),
    hash.pretend('secret').then(note('pretend')),
    hash.make('').catch(note('refused')),
    hash.make('secret').then(note('last')),
  ])
  expect(ended).toEqual(['refused', 'expensive', 'make', 'pretend', 'last'])
})

test.each([
  [{ memory: 7 }, '"memory" of hash is 7, but has to be a whole number from 8 to 4294967295.'],
  [{ memory: 19_456.5 }, '19456.5'],
  [{ memory: 64, parallelism: 9 }, 'from 72 to'],
  [{ passes: 0 }, '"passes" of hash is 0'],
  [{ parallelism: 0 }, '"parallelism" of hash is 0'],
  [{ concurrency: 0 }, '"concurrency" of hash is 0'],
  [{ memory: Number.NaN }, 'NaN'],
])('a configuration of %j is refused', (config, message) => {
  expect(() => new Hash(config)).toThrow(
    expect.objectContaining({
      code: 'LIMBER_INVALID_HASH_OPTION',
      message: expect.stringContaining(message),
    }),
  )
})
