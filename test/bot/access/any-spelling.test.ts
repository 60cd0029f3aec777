import fc from 'fast-check'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import { expect, test } from 'vitest'
import { openWorld } from './world.ts'

const { LIMBER_TEST_DEEP: isDeep, LIMBER_TEST_SEED: given } = process.env
const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given)

let banned = 0
class Ban extends MessageHandler {
  static commands = ['block', 'ban']
  static allowedFor = 'all'
  handle() {
    banned += 1
  }
}
class Other extends MessageHandler {
  handle(message: IncomingMessage) {
    message.reply('?')
  }
}

/** Letters that look alike, and those that become others in another case. */
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  a: ['а', 'á', 'ａ', 'a\u0301'],
  b: ['ｂ', 'Ь'],
  n: ['п', 'ñ'],
  k: ['\u212A', 'к'],
  l: ['I', 'ｌ'],
  o: ['0', 'о'],
  c: ['с'],
}
const letters = (word: string) =>
  fc
    .tuple(
      ...[...word].map((letter) =>
        fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(letter, letter.toUpperCase()) },
          { weight: 1, arbitrary: fc.constantFrom(...(LOOKALIKES[letter] ?? [letter])) },
        ),
      ),
    )
    .map((parts) => parts.join(''))
const blank = fc.constantFrom('', ' ', '\t', '\n', '\u00a0', '\u200b', '\u202e')
const bot = fc.constantFrom(
  '',
  '@test_bot',
  '@TEST_BOT',
  '@Test_Bot',
  '@other_bot',
  '@',
  '@test_bot@test_bot',
)
const spelling = fc
  .tuple(
    blank,
    fc.constantFrom('/', '//', '／', '\\', ''),
    fc.oneof(letters('ban'), letters('block')),
    bot,
    blank,
    fc.string(),
  )
  .map((parts) => parts.join(''))
const field = fc.constantFrom('text', 'caption')

test(`no spelling of a command gets around its rule (seed ${seed})`, async () => {
  const world = await openWorld({ roles: { moderator: [12] }, rules: { '/BAN@another_bot': ['moderator'] } })
  await world.load(Ban, Other)
  const message = (id: number, text: string, at: string) => {
    const { message, ...update } = world.make.message(world.make.user({ id }), '')
    const { text: _, ...rest } = message ?? {}
    return { ...update, message: { ...rest, [at]: text } as NonNullable<typeof message> }
  }
  let reached = 0
  await fc.assert(
    fc.asyncProperty(spelling, field, async (text, at) => {
      const before = banned
      const outcome = await world.send(message(99, text, at)).catch((error: { code: string }) => error.code)
      expect(banned).toBe(before)
      const isForbidden = outcome === 'LIMBER_BOT_FORBIDDEN'
      // Whoever may use it gets there by the same spellings, and by no others.
      await world.send(message(12, text, at))
      expect(banned - before).toBe(isForbidden ? 1 : 0)
      if (isForbidden) reached += 1
    }),
    {
      seed,
      numRuns: isDeep ? 20_000 : 1_000,
      examples: [
        ['/ban', 'text'],
        ['/BLOCK@test_bot now', 'text'],
      ],
    },
  )
  expect(reached).toBeGreaterThan(0)
})
