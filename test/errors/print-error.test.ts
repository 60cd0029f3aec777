import { LimberError, printError } from 'limber'
import { describe, expect, test } from 'vitest'

class ShelfFullError extends LimberError {
  readonly code = 'SHOP_SHELF_FULL'
  readonly kind = 'conflict'
}

describe('an error of Limber is printed', () => {
  test('with what, where, why and what next, and without a stack', () => {
    const error = new ShelfFullError('Shelf "a" is full.', {
      path: ['Shop', 'Shelf'],
      faults: [{ path: '.env:3', message: 'SHELF_SIZE is too small.' }],
      hint: 'Remove a book.',
      cause: new Error('no space', { cause: new RangeError('3 > 2') }),
    })
    expect(printError(error)).toBe(
      [
        'ShelfFullError [SHOP_SHELF_FULL]: Shelf "a" is full.',
        '  at    .env:3: SHELF_SIZE is too small.',
        '  path  Shop → Shelf',
        '  hint  Remove a book.',
        '  help  docs/errors.md#shop_shelf_full',
        '  cause Error: no space',
        '  cause RangeError: 3 > 2',
      ].join('\n'),
    )
  })

  test('with every error that was gathered', () => {
    const cause = new AggregateError([new Error('a'), new ShelfFullError('b')], 'two')
    expect(printError(new ShelfFullError('full', { cause })).split('\n').slice(2)).toEqual([
      '  cause AggregateError: two',
      '  cause Error: a',
      '  cause ShelfFullError [SHOP_SHELF_FULL]: b',
    ])
  })

  test('with what its causes have found', () => {
    const faults = [
      { path: 'a', message: 'It is full.' },
      { path: 'b', message: 'It is gone.' },
    ]
    const cause = new ShelfFullError('two are wrong', { faults })
    expect(printError(new ShelfFullError('full', { cause })).split('\n').slice(2)).toEqual([
      '  cause ShelfFullError [SHOP_SHELF_FULL]: two are wrong',
      '  at    a: It is full.',
      '  at    b: It is gone.',
    ])
  })

  test('though its causes go in a circle', () => {
    const cause: Error = new Error('hen')
    cause.cause = new Error('egg', { cause })
    expect(printError(new ShelfFullError('full', { cause })).split('\n').slice(2)).toEqual([
      '  cause Error: hen',
      '  cause Error: egg',
    ])
  })
})

test('another error is printed with its stack, the only hint there is', () => {
  const error = new TypeError('undefined is not a function')
  expect(printError(error)).toBe(error.stack)
})

test('what is thrown but no error is printed all the same', () => {
  expect(printError('a plain text')).toBe('Thrown: a plain text')
  expect(printError(undefined)).toBe('Thrown: undefined')
})
