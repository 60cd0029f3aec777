/** What nobody should send is refused, answered and logged, and the bot lives on. */
import { request } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SQLITE } from '../../database/migrations/support/own-databases.ts'
import type { RunningLimber } from '../../support/run-limber.ts'
import { eventually } from './support/eventually.ts'
import { isDeep, seed } from './support/seed.ts'
import { NOTES } from './support/talk.ts'
import { type TallyBot, tallyBot } from './support/tally-bot.ts'

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
async function logOf(bot: TallyBot, limber: RunningLimber): Promise<LogLine[]> {
  limber.child.kill('SIGTERM')
  const { code, stdout, stderr } = await limber.ended
  expect(code, stderr).toBe(0)
  const [, secretOfToken = ''] = bot.api.token.split(':')
  for (const secret of [secretOfToken, bot.secret]) expect(`${stdout}${stderr}`).not.toContain(secret)
  return stdout
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
async function expectAlive(bot: TallyBot): Promise<void> {
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

  const broken = ['', '{', 'null', '"text"', '[]', '17', `${'['.repeat(100_000)}`, '{"update_id":1e999}', '\u0000']
  for (const body of broken) expect(await status(body, right), body.slice(0, 20)).toBe(400)

  const odd = [
    '{"update_id":900001,"__proto__":{"from":{"id":1}}}',
    '{"update_id":900002,"constructor":{"prototype":{"id":1}}}',
    '{"update_id":900003,"toString":{}}',
    '{"update_id":900004,"hasOwnProperty":{"id":1}}',
    '{"update_id":900005,"wormhole":{"from":{"id":1}}}',
  ]
  for (const body of odd) if (await status(body, right) !== 200) { limber.child.kill("SIGTERM"); console.log((await limber.ended).stdout.slice(-3000)); return }
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
  const codes = lines.map(({ err }) => err?.code)
  console.log(JSON.stringify(lines.slice(0, 40), null, 1).slice(0, 4000))
  expect(codes.filter((code) => code === 'LIMBER_WEBHOOK_SECRET').length).toBeGreaterThan(0)
})

/** Something with the form of an update, and anything in it. */
function anyUpdate() {
  const names = ['id', 'from', 'chat', 'text', 'data', 'message', 'message_id', 'entities', '__proto__', 'type']
  const leaf = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('/where', 'private', '/__proto__', 7))
  const part = fc.dictionary(fc.constantFrom(...names), leaf)
  const content = fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, part))
  const kinds = ['message', 'callback_query', 'inline_query', 'edited_message', 'poll', '__proto__', 'constructor']
  return fc
    .record({ id: fc.oneof(fc.nat(), leaf), kind: fc.constantFrom(...kinds), content: fc.oneof(content, leaf) })
    .map(({ id, kind, content }) => Object.fromEntries([['update_id', id], [kind, content]]))
}
