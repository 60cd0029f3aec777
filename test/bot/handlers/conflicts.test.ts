import { CommandConflictError } from 'limber/bot'
import { describe, expect, it, test } from 'vitest'
import { HandlerTable, type RegisteredHandler } from './internals.ts'
import { handler } from './updates.ts'

const SHOP = {
  name: 'Points',
  module: 'shop',
  place: 'modules/shop/handlers.ts',
  options: { commands: ['points'] },
}
const GAME = { name: 'Game.show', module: 'game', place: 'modules/game/provider.ts' }
const KINDS = ['message', 'edited_message'] as const

function conflictOf(one: Partial<RegisteredHandler>, other: Partial<RegisteredHandler>): unknown {
  const table = new HandlerTable()
  table.add([handler({ ...SHOP, ...one })])
  try {
    table.add([handler({ name: 'first', module: 'game' }), handler({ ...GAME, ...other })])
  } catch (error) {
    expect(table.handlers.map(({ name }) => name)).toEqual(['Points'])
    return error
  }
  expect(table.handlers).toHaveLength(3)
  return undefined
}

const options = (more: object) => ({ options: { commands: ['help', 'points'], ...more } })

test('two handlers of one command are a conflict that names both, their modules and files', () => {
  const error = conflictOf({}, options({}))
  expect(error).toBeInstanceOf(CommandConflictError)
  expect(error).toMatchObject({
    message:
      '/points of Game.show (module "game", modules/game/provider.ts) is already taken by Points (module "shop", modules/shop/handlers.ts).',
    code: 'LIMBER_COMMAND_CONFLICT',
    kind: 'conflict',
  })
  const table = new HandlerTable()
  const own = handler({ name: 'Own', options: { commands: ['points'] } })
  expect(() => table.add([own, handler(SHOP)])).toThrow('is already taken by Own (config/bot.ts).')
  expect(table.handlers).toEqual([])
})

describe('they are none', () => {
  it('when nobody can mean both', () => {
    expect(conflictOf({}, { options: { commands: ['help'] } })).toBeUndefined()
    expect(conflictOf({}, { ...options({}), kinds: ['edited_message'] })).toBeUndefined()
    expect(conflictOf(options({ chats: ['private'] }), options({ chats: ['group'] }))).toBeUndefined()
  })

  it('when a state tells which is meant', () => {
    expect(conflictOf(options({ state: 'one' }), options({}))).toBeUndefined()
    const same = { module: 'shop' }
    expect(conflictOf(options({ state: 'one' }), { ...options({ state: 'two' }), ...same })).toBeUndefined()
    expect(conflictOf(options({ state: /^o/ }), { ...options({ state: 'two' }), ...same })).toBeUndefined()
    expect(
      conflictOf({ ...options({ state: /^o/ }) }, { ...options({ state: /^t/ }), ...same }),
    ).toBeUndefined()
    // Each module has states of its own.
    expect(conflictOf(options({ state: 'one' }), options({ state: 'one' }))).toBeUndefined()
  })
})

describe('they are one', () => {
  it('when kinds, chats and states overlap', () => {
    expect(conflictOf({ kinds: KINDS }, { ...options({}), kinds: KINDS })).toBeInstanceOf(
      CommandConflictError,
    )
    expect(conflictOf({}, options({ chats: ['group'] }))).toBeInstanceOf(CommandConflictError)
    const chats = [{ chats: ['private', 'group'] }, { chats: ['group', 'channel'] }].map(options)
    expect(conflictOf({ ...chats[0] }, { ...chats[1] })).toBeInstanceOf(CommandConflictError)
    const inShop = (state: unknown) => ({ ...options({ state }), module: 'shop' })
    for (const [one, other] of [
      ['one', 'one'],
      [['one', 'two'], ['two']],
      [/^o/, 'one'],
      ['one', [/^o/]],
      [/^o/, /^o/],
    ]) {
      expect(conflictOf(inShop(one), inShop(other)), `${one} and ${other}`).toBeInstanceOf(
        CommandConflictError,
      )
    }
  })

  it('whatever else they ask for', () => {
    const more = { text: 'x', allowedFor: 'owner', filter: () => true }
    expect(conflictOf({}, options(more))).toBeInstanceOf(CommandConflictError)
  })
})

test('a command is free again when its handler has gone', () => {
  const table = new HandlerTable()
  const remove = table.add([handler(SHOP)])
  expect(() => table.add([handler({ ...SHOP, ...GAME })])).toThrow(CommandConflictError)
  remove()
  table.add([handler({ ...SHOP, ...GAME })])
  expect(table.handlers.map(({ name }) => name)).toEqual(['Game.show'])
})
