import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readCommand } from './internals.ts'
import { handler, messageOf, taker } from './updates.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 50_000 : isContinuous ? 5_000 : 1_000
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

const nameOf = (text: string) => readCommand(text, 'Shop_Bot')?.name

describe('a command', () => {
  it('is the first word of a text, in any case, with or without the name of this bot', () => {
    for (const text of ['/points', '/POINTS', '/points@Shop_Bot', '/points@shop_BOT add', '/points\nadd']) {
      expect(nameOf(text), text).toBe('points')
    }
  })

  it('is none in the middle, for another bot, or with anything else in its name', () => {
    for (const text of [
      '',
      '/',
      '//',
      '/@',
      '/@Shop_Bot',
      '//points',
      ' /points',
      'x /points',
      '\n/points',
      '/ points',
      '/points@',
      '/points@ Shop_Bot',
      '/points@other_bot',
      '/points@Shop_Bot@Shop_Bot',
      '/points@Shop_Bot_2',
      '/points!',
      '/points-add',
      '/points/add',
      '/points\0',
      '\0/points',
      '/poïnts',
      '/пункты',
      '/ｐoints',
      '/po\u0131nts',
      '/K\u212Aelvin',
      '/points\u200b',
      '/😀',
      `/${'a'.repeat(33)}`,
      `/${'a'.repeat(4095)}`,
      '/'.repeat(4096),
      `/a@${'b'.repeat(4000)}`,
    ]) {
      expect(nameOf(text), JSON.stringify(text.slice(0, 40))).toBeUndefined()
    }
  })

  it('has up to 32 letters', () => {
    expect(nameOf(`/${'a'.repeat(32)} x`)).toBe('a'.repeat(32))
  })

  it('has the rest of the text as arguments, without blanks around', () => {
    const args = (text: string) => readCommand(text, 'Shop_Bot')?.args
    expect(args('/add')).toBe('')
    expect(args('/add \t\n ')).toBe('')
    expect(args('/add@shop_bot   one  two\nthree ')).toBe('one  two\nthree')
    expect(args('/add /add \0 😀')).toBe('/add \0 😀')
    const long = 'x y '.repeat(1023)
    expect(args(`/a ${long}`)).toBe(long.trim())
  })
})

/** The slow and plain way: the first word, letter by letter. */
function oracle(text: string, bot: string): { name: string; args: string } | undefined {
  const end = [...text].findIndex((letter) => /\s/.test(letter))
  const word = end < 0 ? text : [...text].slice(0, end).join('')
  const rest = text.slice(word.length)
  const [name = '', ...more] = word.slice(1).split('@')
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'
  if (word[0] !== '/' || name.length < 1 || name.length > 32) return undefined
  if ([...name].some((letter) => !letters.includes(letter))) return undefined
  if (more.length > 1 || (more[0] !== undefined && more[0].toLowerCase() !== bot.toLowerCase()))
    return undefined
  return { name: name.toLowerCase(), args: rest.trim() }
}

test('any text has the command that its first word is', () => {
  const pieces = [
    '/',
    '@',
    'Shop_Bot',
    'shop_bot',
    'other',
    'cmd',
    'CMD',
    ' ',
    '\n',
    '\0',
    '_',
    '9',
    'é',
    '😀',
    '-',
  ]
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }).map((rest) => `/${rest}`),
  )
  const holds = fc.property(text, (each) => {
    expect(readCommand(each, 'Shop_Bot')).toEqual(oracle(each, 'Shop_Bot'))
  })
  fc.assert(holds, { seed, numRuns: RUNS })
})

test('a command for another bot is a text like any other', async () => {
  const handlers = [handler({ name: 'points', options: { commands: ['points'] } }), handler({ name: 'any' })]
  expect(await taker(handlers, messageOf({ text: '/points@Shop_Bot' }).message)).toBe('points')
  expect(await taker(handlers, messageOf({ text: '/points@other_bot' }).message)).toBe('any')
  expect(await taker(handlers, messageOf({ text: '/constructor' }).message)).toBe('any')
  expect(await taker(handlers, messageOf({ text: '/__proto__' }).message)).toBe('any')
})
