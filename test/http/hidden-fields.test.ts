import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { UniqueViolationError } from 'limber/database'
import type { HttpContext, RouteOptions } from 'limber/http'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { asking, HIDDEN, type Make, Member, Team, UNNAMED } from './hidden-team.ts'
import { type Give, sentBy, WAYS } from './hidden-ways.ts'

afterEach(() => void vi.unstubAllEnvs())

const memberName = z.object({ id: z.number(), name: z.string() })
const withTeam = memberName.extend({ team: memberName })
const withMembers = memberName.extend({ members: z.array(memberName) })
const page = z.object({ data: z.array(withTeam), total: z.number() })

const session = ({ app }: Pick<HttpContext, 'app'>) => app.make('db.session')
const member = (context: Pick<HttpContext, 'app'>) =>
  session(context).findOneOrFail(Member, 1, { populate: ['team'] })
const team = (context: Pick<HttpContext, 'app'>) =>
  session(context).findOneOrFail(Team, 1, { populate: ['members'] })

const results: [string, Give, z.ZodType][] = [
  ['an entity', member, withTeam],
  ['a reference that is not loaded', (context) => session(context).findOneOrFail(Member, 1), memberName],
  ['an array', async (context) => [await member(context)], z.array(withTeam)],
  ['a populated reference', async (context) => (await member(context)).team, memberName],
  ['a populated collection', team, withMembers],
  ['the collection itself', async (context) => (await team(context)).members, z.array(memberName)],
  ['a map', async (context) => new Map([['one', await member(context)]]), z.record(z.string(), withTeam)],
  ['a set', async (context) => new Set([await member(context)]), z.array(withTeam)],
  ['a page', async (context) => ({ data: [await member(context)], total: 1 }), page],
  [
    'an object around it',
    async (context) => ({ of: { it: await member(context) } }),
    z.object({ of: z.object({ it: withTeam }) }),
  ],
  [
    'an entity that was just made',
    (context) => session(context).create(Team, { name: 'new', key: HIDDEN, notes: UNNAMED }),
    memberName,
  ],
]

test.for(results)('%s shows no hidden property without a response schema', async ([, answer]) => {
  const { statusCode, payload } = await asking(answer)
  expect([statusCode, payload]).toEqual([200, expect.stringMatching(/ada|red|new|name/)])
  expect(payload).not.toContain(HIDDEN)
})

test.for(results)('%s shows nothing that the response schema does not name', async ([, answer, response]) => {
  const { statusCode, payload } = await asking(answer, { response })
  expect([statusCode, payload]).toEqual([200, expect.stringMatching(/ada|red|new/)])
  expect(payload).not.toContain(HIDDEN)
  expect(payload).not.toContain(UNNAMED)
})

const sent = WAYS.flatMap((way) =>
  results
    .filter(([name]) => way.isAfterFlush || name !== 'an entity that was just made')
    .map(([name, give, schema]) => ({ name, give, schema, way })),
)

test.for(sent)('$name as $way.name shows no hidden property without a schema', async ({ give, way }) => {
  const payload = await sentBy(way, give)
  expect(payload).toMatch(/ada|red|new|name/)
  expect(payload).not.toContain(HIDDEN)
})

test.for(sent)(
  '$name as $way.name shows nothing that the schema does not name',
  async ({ give, way, schema }) => {
    const payload = await sentBy(way, give, schema)
    expect(payload).toMatch(/ada|red|new/)
    expect(payload).not.toContain(HIDDEN)
    expect(payload).not.toContain(UNNAMED)
  },
)

test('a refusal, whose body no response schema describes, shows no hidden property', async () => {
  const refuse = async (context: HttpContext) => {
    context.response.status(409)
    return { taken: await member(context) }
  }
  const { statusCode, payload } = await asking(refuse, { response: withTeam })
  expect([statusCode, payload]).toEqual([409, expect.stringContaining('ada')])
  expect(payload).not.toContain(HIDDEN)
})

test('a stream of entities as lines of JSON shows no hidden property', async () => {
  const lines = (context: HttpContext) =>
    Readable.from(
      (async function* () {
        for await (const one of session(context).stream(Member, {})) yield `${JSON.stringify(one)}\n`
      })(),
    )
  const { payload } = await asking(lines)
  expect(payload).toContain('ada')
  expect(payload).not.toContain(HIDDEN)
})

const failures: [string, Make, RouteOptions][] = [
  [
    'a result that does not fit its schema',
    member,
    { response: z.object({ key: z.number(), notes: z.number() }) },
  ],
  ['input that does not fit', member, { body: z.object({ name: z.string() }) }],
  [
    'a value that is taken',
    (context) => void session(context).create(Member, { name: 'ada', key: HIDDEN, notes: UNNAMED, team: 1 }),
    {},
  ],
  [
    'a row that is looked for by a hidden value',
    (context) => session(context).findOneOrFail(Member, { key: HIDDEN, notes: UNNAMED, name: 'nobody' }),
    {},
  ],
  ['an error with the entity as its cause', async (context) => failWith('lost', await member(context)), {}],
  [
    'an error with the entity in its message',
    async (context) => failWith(inspect(await member(context))),
    {},
  ],
  ['the entity itself, thrown', async (context) => Promise.reject(await member(context)), {}],
  [
    'an error with the entity on it',
    async (context) => Promise.reject(Object.assign(new Error('x'), { entity: await member(context) })),
    {},
  ],
]

function failWith(message: string, cause?: unknown): never {
  throw new Error(message, { cause })
}

test.for(failures)('%s tells nothing of it in production', async ([, answer, options]) => {
  const { statusCode, payload } = await asking(answer, options)
  expect(statusCode).toBeGreaterThanOrEqual(400)
  expect(payload).not.toContain(HIDDEN)
  expect(payload).not.toContain(UNNAMED)
})

test.for(failures.filter(([name]) => !/message|looked for/.test(name)))(
  '%s tells nothing of it on the development page either, unless the words of the error do',
  async ([, answer, options]) => {
    const { headers, payload } = await asking(answer, options, 'development')
    expect(headers['content-type']).toMatch('text/html')
    expect(payload).not.toContain(HIDDEN)
    expect(payload).not.toContain(UNNAMED)
  },
)

test('what is unique is named by its property alone, without the model', async () => {
  const { payload } = await asking((context) => {
    session(context).create(Member, { name: 'ada', key: HIDDEN, notes: UNNAMED, team: 1 })
  })
  expect(JSON.parse(payload)).toMatchObject({
    code: 'LIMBER_UNIQUE_VIOLATION',
    detail: 'A value that has to be unique is taken already.',
    errors: [{ path: 'name', message: 'is taken' }],
  })
  expect(new UniqueViolationError(new Error('x')).message).not.toContain('Member')
  expect(payload).not.toContain('Member')
})
