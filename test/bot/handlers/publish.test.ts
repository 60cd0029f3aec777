import { Api } from 'grammy'
import type { BotCommand, LanguageCode } from 'grammy/types'
import type { HandlerOptions } from 'limber/bot'
import type { Strings } from 'limber/modules'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openBotApi } from '../../support/bot-api-server.ts'
import { HandlerTable, publishCommands } from './internals.ts'
import { handler } from './updates.ts'

const ADMINS = { type: 'all_chat_administrators' }

function listed(command: string, options: HandlerOptions = {}, module?: string) {
  const description = `What ${command} does`
  return handler({ name: command, module, options: { commands: [command], description, ...options } })
}

/** Texts as a module has them: by language, with the first one as fallback. */
function strings(texts: Readonly<Record<string, Readonly<Record<string, string>>>>): Strings {
  const languages = Object.keys(texts)
  const text: Strings['text'] = (key, _, language = languages[0] ?? '') =>
    texts[language]?.[key] ?? texts[languages[0] ?? '']?.[key] ?? key
  return { languages, text }
}

async function publishing(handlers: Parameters<HandlerTable['add']>[0]) {
  const server = await openBotApi()
  const api = new Api(server.token, { apiRoot: server.apiRoot })
  const table = new HandlerTable()
  const remove = table.add(handlers)
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const publish = (texts: Readonly<Record<string, Strings>> = {}, before: readonly LanguageCode[] = []) =>
    publishCommands(api, table, { log, stringsOf: (module = '') => texts[module], before })
  const written = () => server.log.calls.filter(({ method }) => /^(set|delete)/.test(method))
  /** The list that is there, as `command: description`. */
  const list = async (scope = 'default', language?: LanguageCode) => {
    const where = language ? { language_code: language } : {}
    const type = scope === 'default' ? 'default' : 'all_chat_administrators'
    const commands: BotCommand[] = await api.getMyCommands({ scope: { type }, ...where })
    return commands.map(({ command, description }) => `${command}: ${description}`)
  }
  return { server, table, remove, publish, list, written, lines }
}

test('commands with a description are published, in the order of their handlers', async () => {
  const { publish, list, written } = await publishing([
    listed('help', { commands: ['help', 'start'] }),
    handler({ name: 'hidden', options: { commands: ['hidden'] } }),
    listed('sell', {}, 'shop'),
    listed('points'),
  ])
  expect(await publish()).toEqual([])
  expect(await list()).toEqual([
    'help: What help does',
    'start: What help does',
    'points: What points does',
    'sell: What sell does',
  ])
  expect(written().map(({ method, payload }) => [method, payload.scope])).toEqual([
    ['setMyCommands', { type: 'default' }],
  ])
})

test('administrators of chats see theirs too, and nobody sees those of other roles', async () => {
  const { publish, list } = await publishing([
    listed('help'),
    listed('ban', { allowedFor: ['chat_admins', 'owner'] }),
    listed('stop', { allowedFor: 'owner' }),
    listed('pay', { allowedFor: 'teller' }),
    listed('all', { allowedFor: ['all', 'owner'] }),
  ])
  await publish()
  expect(await list()).toEqual(['help: What help does', 'all: What all does'])
  expect(await list('admins')).toEqual(['help: What help does', 'ban: What ban does', 'all: What all does'])
})

test('a command of several handlers is listed once', async () => {
  const { publish, list } = await publishing([
    listed('help', { chats: ['private'] }),
    listed('help', { chats: ['group'], description: 'Other' }),
  ])
  await publish()
  expect(await list()).toEqual(['help: What help does'])
})

test('a list is written only when it differs', async () => {
  const { table, remove, publish, written, list } = await publishing([listed('help'), listed('ban')])
  await publish()
  await publish()
  expect(written()).toHaveLength(1)
  const more = table.add([listed('kick', { allowedFor: 'chat_admins' })])
  await publish()
  expect(written().map(({ payload }) => payload.scope)).toEqual([{ type: 'default' }, ADMINS])
  more()
  await publish()
  expect(written().at(-1)).toMatchObject({ method: 'deleteMyCommands', payload: { scope: ADMINS } })
  remove()
  table.add([listed('ban'), listed('help')])
  await publish()
  expect(await list()).toEqual(['ban: What ban does', 'help: What help does'])
  expect(written()).toHaveLength(4)
})

test('descriptions are texts of their owner, in each of its languages', async () => {
  const { publish, list, remove, table } = await publishing([
    listed('help', { description: 'help' }),
    listed('sell', { description: 'sell' }, 'shop'),
    listed('ban', { description: 'Ban somebody', allowedFor: 'chat_admins' }, 'shop'),
  ])
  const own = strings({ en: { help: 'Help' }, de: { help: 'Hilfe' } })
  const shop = strings({ en: { sell: 'Sell' }, es: { sell: 'Vender' }, 'pt-BR': { sell: 'Vender' } })
  expect(await publish({ '': own, shop })).toEqual(['de', 'en', 'es'])
  expect(await list()).toEqual(['help: Help', 'sell: Sell'])
  expect(await list('default', 'de')).toEqual(['help: Hilfe', 'sell: Sell'])
  expect(await list('default', 'es')).toEqual(['help: Help', 'sell: Vender'])
  expect(await list('admins', 'de')).toEqual(['help: Hilfe', 'sell: Sell', 'ban: Ban somebody'])
  remove()
  table.add([listed('help', { description: 'help' })])
  expect(await publish({ '': own }, ['de', 'en', 'es'])).toEqual(['de', 'en'])
  expect(await list('default', 'es')).toEqual([])
  expect(await list('admins', 'de')).toEqual([])
})

test('what clients would not see as it was written is told', async () => {
  const many = Array.from({ length: 101 }, (_, index) => `c${index}`)
  const { publish, list, lines } = await publishing([
    listed('none', { description: 'none' }),
    listed('fails', { description: 'fails' }),
    listed('many', { commands: many, description: 'long' }),
  ])
  const texts = strings({ en: { none: ' ', long: `${'x'.repeat(255)}😀😀` } })
  const text: Strings['text'] = (key, ...rest) => {
    if (key === 'fails') throw new Error('a value is missing')
    return texts.text(key, ...rest)
  }
  await publish({ '': { languages: [], text } })
  const commands = await list()
  expect(commands).toHaveLength(100)
  expect(commands[0]).toBe(`c0: ${'x'.repeat(255)}\uFFFD`)
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'The description of none has to have 1 to 256 characters: it is not published as it is.',
    'The description of fails is not published: a value is missing',
    'The description of many has to have 1 to 256 characters: it is not published as it is.',
    'Of 101 commands only 100 are published: the Bot API takes no more.',
  ])
})

test('a list that the Bot API refuses is told, and the others are published', async () => {
  const { server, publish, list, lines } = await publishing([
    listed('help'),
    listed('ban', { allowedFor: 'chat_admins' }),
  ])
  server.fail('setMyCommands', { code: 400, description: 'Bad Request: no' })
  await publish()
  expect(await list()).toEqual([])
  expect(await list('admins')).toHaveLength(2)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('A list of commands could not be published')
})

test('a Bot API that is not there is told once, without the token', async () => {
  const { server, publish, lines } = await publishing([
    listed('help'),
    listed('ban', { allowedFor: 'chat_admins' }),
  ])
  await server.close()
  await publish()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('A list of commands could not be published')
  expect(lines.join()).not.toContain(server.token)
})
