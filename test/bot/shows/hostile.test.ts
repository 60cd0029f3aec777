/** What nobody should send is refused, answered and logged, and the bot lives on. */
import { request } from 'node:http'
import fc from 'fast-check'
import type { Update } from 'grammy/types'
import { createTestApplication } from 'limber/testing'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { everyKind, SQLITE } from '../../database/migrations/support/own-databases.ts'
import type { RunningLimber } from '../../support/run-limber.ts'
import type { BotFolder } from './support/bot-folder.ts'
import { eventually } from './support/eventually.ts'
import { isDeep, seed } from './support/seed.ts'
import { FAILED, NOTES } from './support/talk.ts'
import { tallyBot } from './support/tally-bot.ts'

const SECRET = 'x-telegram-bot-api-secret-token'
const RUNS = isDeep ? 3_000 : 150
const MIB = 2 ** 20

interface Posted {
  readonly status: number
  readonly body: string
}

/** Posts with headers as they are given, which `fetch` would put in order. */
function post(
  url: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | string[]>>,
): Promise<Posted> {
  const { promise, resolve, reject } = Promise.withResolvers<Posted>()
  const sent = request(url, { method: 'POST', agent: false, headers: { ...headers } }, (reply) => {
    let text = ''
    reply.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text }))
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** Ends the process in order, and gives what it has logged. None of it shows a secret. */
async function logOf(bot: BotFolder, limber: RunningLimber): Promise<LogLine[]> {
  limber.child.kill('SIGTERM')
  const { code, stdout, stderr } = await limber.ended
  expect(code, stderr).toBe(0)
  const [, secretOfToken = ''] = bot.api.token.split(':')
  for (const secret of [secretOfToken, bot.secret]) expect(`${stdout}${stderr}`).not.toContain(secret)
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): LogLine => JSON.parse(line))
}

interface LogLine {
  readonly level: number
  readonly msg: string
  readonly err?: { readonly code?: string; readonly message: string }
}

/** The bot is there, and nothing else has been done. */
async function expectAlive(bot: BotFolder): Promise<void> {
  const user = bot.api.make.user()
  bot.api.write(user, 'say 1')
  await eventually(() => bot.api.log.texts(user.id).length > 0)
  expect(bot.api.log.texts(user.id)).toEqual(['said 1 as 1'])
}

test(`the webhook takes updates of the Bot API only, and survives whatever else is posted (LIMBER_TEST_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const bot = await tallyBot(SQLITE)
  const limber = await bot.start('webhook')
  await limber.wrote('Listening')
  const right = { [SECRET]: bot.secret }
  const user = bot.api.make.user()
  const update = () => JSON.stringify(bot.api.make.message(user, 'say 1'))
  const status = async (body: string | Uint8Array, headers: Readonly<Record<string, string | string[]>>) =>
    (await post(bot.webhook, body, headers)).status

  const wrong: readonly Readonly<Record<string, string | string[]>>[] = [
    {},
    { [SECRET]: '' },
    { [SECRET]: `${bot.secret}x` },
    { [SECRET]: bot.secret.slice(1) },
    { [SECRET]: [bot.secret, bot.secret] },
    { [SECRET]: ['wrong', bot.secret] },
    { [SECRET]: bot.secret.toUpperCase() },
    { authorization: `Bearer ${bot.secret}` },
  ]
  for (const headers of wrong) expect(await status(update(), headers), JSON.stringify(headers)).toBe(401)

  expect(await status('x'.repeat(5 * MIB), right)).toBe(413)
  const large = bot.api.make.message(user, `shout ${'x'.repeat(MIB / 2)}`)
  expect(await status(JSON.stringify(large), right)).toBe(200)

  const broken = [
    '',
    '{',
    'null',
    '"text"',
    '[]',
    '17',
    `${'['.repeat(100_000)}`,
    '{"update_id":1e999}',
    '\u0000',
  ]
  for (const body of broken) expect(await status(body, right), body.slice(0, 20)).toBe(400)

  const odd = [
    '{"update_id":900001,"__proto__":{"from":{"id":1}}}',
    '{"update_id":900002,"constructor":{"prototype":{"id":1}}}',
    '{"update_id":900003,"toString":{}}',
    '{"update_id":900004,"hasOwnProperty":{"id":1}}',
    '{"update_id":900005,"wormhole":{"from":{"id":1}}}',
  ]
  for (const body of odd) expect(await status(body, right), body).toBe(200)
  const beyond = [
    '{"update_id":9007199254740993,"message":{}}',
    `{"update_id":900006,"message":{"message_id":1,"chat":{"id":1e300,"type":"private"},"text":"say 1"}}`,
    '{"update_id":"900007","message":{}}',
    '{"__proto__":{"update_id":900008},"message":{}}',
  ]
  for (const body of beyond) expect(await status(body, right), body).toBe(400)

  const anything = fc.oneof(
    fc.json(),
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary' }),
    anyUpdate().map((each) => JSON.stringify(each)),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (body) => {
      expect([200, 400]).toContain(await status(body, right))
    }),
    { seed, numRuns: RUNS },
  )

  expect(await bot.ask(NOTES)).toEqual([])
  await expectAlive(bot)
  const lines = await logOf(bot, limber)
  const told = Map.groupBy(lines, ({ err, msg }) => err?.code ?? msg)
  const codes = ['LIMBER_WEBHOOK_SECRET', 'LIMBER_BODY_TOO_LARGE', 'LIMBER_WEBHOOK_BODY', 'LIMBER_BOT_UPDATE']
  // Each is told, and not each time.
  for (const code of codes)
    expect([code, told.get(code)?.length ?? 0]).toEqual([code, expect.toSatisfy(isFew)])
  expect(lines.map(({ msg }) => msg).filter((msg) => msg.includes('nobody takes'))).not.toEqual([])
  expect(lines.filter(({ level }) => level >= 50)).toEqual([])
})

/** More than none, and less than a line for each. */
function isFew(count: number): boolean {
  return count > 0 && count < 20
}

test('what the Bot API gives and nobody can read is left out, and not asked for again', {
  timeout: 60_000,
}, async () => {
  const bot = await tallyBot(SQLITE)
  const { api } = bot
  const user = api.make.user()
  const chat = { id: user.id, type: 'private' }
  const poison: readonly object[] = [
    { message: null },
    { message: 'say 1' },
    { message: { message_id: 1, chat: { id: String(user.id) }, text: 'say 1' } },
    { message: { message_id: 1, chat: { id: 2 ** 60, type: 'private' }, from: user, text: 'say 1' } },
    { message: { message_id: 1, chat, from: { id: 1e300 }, text: 'say 1' } },
    { message: { message_id: 1, chat, from: user, text: { toString: 'say 1' } } },
    { message: { message_id: 1, chat, from: user, text: 'echo x', entities: 'many' } },
    { message: { message_id: 1, chat, from: [], text: 'say 1' } },
    { callback_query: { id: '1', from: user, message: null, data: '1' } },
    { callback_query: null },
    { poll_answer: [] },
    JSON.parse('{"__proto__":{"from":{"id":1}}}'),
    JSON.parse('{"constructor":{"from":{"id":1}}}'),
    { wormhole: 7 },
    {},
  ]
  const limber = await bot.start('polling')
  await limber.wrote('Polling as @')
  for (const content of poison) api.receiving.queue.give({ ...api.make.update({}), ...content } as Update)
  await expectAlive(bot)
  await eventually(() => api.waiting.length === 0)
  const answered = api.log.calls.filter(({ method }) => method === 'sendMessage')
  expect(answered.map(({ payload }) => payload.text).filter((text) => text !== 'x')).toEqual(['said 1 as 1'])
  const lines = await logOf(bot, limber)
  expect(lines.filter(({ err }) => err?.code === 'LIMBER_BOT_UPDATE').length).toBeGreaterThan(6)
})

test('who sends five hundred messages is told once, and keeps nobody else waiting', {
  timeout: 60_000,
}, async () => {
  const bot = await tallyBot(SQLITE, { FLOOD: 'true' })
  const { api } = bot
  const [flooder, other] = [api.make.user(), api.make.user()]
  for (let count = 1; count <= 500; count += 1) {
    api.write(flooder, 'say 1')
    if (count % 50 === 0) api.write(other, 'say 2')
  }
  const limber = await bot.start('polling')
  await eventually(() => api.waiting.length === 0 && api.log.texts(other.id).length === 10)
  const said = Array.from({ length: 30 }, (_, index) => `said 1 as ${index + 1}`)
  await eventually(() => api.log.texts(flooder.id).length > 30)
  expect(api.log.texts(flooder.id)).toEqual([...said, 'That was too much at once. Wait a moment.'])
  const [{ count } = { count: 0 }] = await bot.ask('select count(*) as count from note')
  expect(Number(count)).toBe(40)
  const lines = await logOf(bot, limber)
  expect(lines.filter(({ msg }) => msg.includes('too much'))).toHaveLength(1)
  expect(lines.length).toBeLessThan(20)
})

const TEXTS: readonly string[] = [
  'NUL \u0000 inside',
  '\ud800 half a letter \udfff',
  '\u202egnorw si gnihton\u202c',
  `quotes ' " \` ; -- \\ \${name} {{ name }} %s`,
  '__proto__',
  'constructor',
  '🐢'.repeat(2_000),
]

test.each(await everyKind())(
  'texts of any letters come through on $title',
  { timeout: 60_000 },
  async (kind) => {
    const bot = await tallyBot(kind)
    const { api } = bot
    const log = pino({ level: 'error' }, { write: (line) => void errors.push(line) })
    const errors: string[] = []
    const test = await createTestApplication({
      root: bot.root,
      database: 'configured',
      bot: 'configured',
      services: { log },
    })
    onTestFinished(() => test[Symbol.asyncDispose]())
    await test.app.run(test.make('bot.kernel'))
    const names = {
      username: `o'hara"; drop table note; --`,
      first_name: '\u0000',
      language_code: '__proto__',
    }
    const user = api.make.user(names)
    const wanted: string[] = []
    for (const [index, text] of TEXTS.entries()) {
      api.write(user, `echo ${text}`)
      api.write(user, `keep ${text}`)
      wanted.push(text, `kept ${TEXTS[index - 1] ?? ''}`)
    }
    for (const data of ['__proto__', 'constructor', '\u0000']) {
      api.send(api.make.callbackQuery(user, data))
      wanted.push(`pressed ${data}`)
    }
    for (const command of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      api.write(user, `/${command}`)
    for (const what of ['nothing', 'null', 'text', 'object', 'getter', 'circle', 'error']) {
      api.write(user, `throw ${what}`)
      wanted.push(FAILED)
    }
    api.write(user, `echo ${'many words '.repeat(1_000)}`)
    await eventually(
      () => api.waiting.length === 0 && api.log.texts(user.id).join('').includes('many words '.repeat(300)),
      () => JSON.stringify(api.log.texts(user.id)),
    )
    await eventually(() => api.log.texts(user.id).slice(wanted.length).join('').length >= 10_000)
    const texts = api.log.texts(user.id).map((text) => text.toWellFormed())
    expect(texts.slice(0, wanted.length)).toEqual(wanted.map((text) => text.toWellFormed()))
    const parts = texts.slice(wanted.length)
    expect(parts.filter(({ length }) => length > 4096)).toEqual([])
    expect(parts.join(' ').split(/\s+/).filter(Boolean)).toEqual(
      'many words '.repeat(1_000).trim().split(' '),
    )
    expect(errors).toHaveLength(7)
  },
)

/** Something with the form of an update, and anything in it. */
function anyUpdate() {
  const names = [
    'id',
    'from',
    'chat',
    'text',
    'data',
    'message',
    'message_id',
    'entities',
    '__proto__',
    'type',
  ]
  const leaf = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('/where', 'private', '/__proto__', 7))
  const part = fc.dictionary(fc.constantFrom(...names), leaf)
  const content = fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, part))
  const kinds = [
    'message',
    'callback_query',
    'inline_query',
    'edited_message',
    'poll',
    '__proto__',
    'constructor',
  ]
  return fc
    .record({
      id: fc.oneof(fc.nat(), leaf),
      kind: fc.constantFrom(...kinds),
      content: fc.oneof(content, leaf),
    })
    .map(({ id, kind, content }) =>
      Object.fromEntries([
        ['update_id', id],
        [kind, content],
      ]),
    )
}
