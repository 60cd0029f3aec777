import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

/** A schema, and values that it accepts. */
interface Case {
  readonly schema: z.ZodType
  readonly values: fc.Arbitrary<unknown>
}

const leaf: Case[] = [
  { schema: z.string(), values: fc.string({ unit: 'binary' }) },
  { schema: z.string(), values: fc.string({ unit: 'grapheme', minLength: 40, maxLength: 60 }) },
  { schema: z.number(), values: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { schema: z.int(), values: fc.integer() },
  { schema: z.boolean(), values: fc.boolean() },
  { schema: z.null(), values: fc.constant(null) },
  { schema: z.enum(['a', 'b"']), values: fc.constantFrom('a', 'b"') },
  { schema: z.literal(7), values: fc.constant(7) },
  { schema: z.any(), values: fc.jsonValue() },
  { schema: z.union([z.string(), z.int()]), values: fc.oneof(fc.string(), fc.integer()) },
  { schema: z.iso.datetime(), values: fc.constant('2026-01-02T03:04:05.678Z') },
]

// zod itself takes what every object inherits for a field of that name.
const field = fc
  .oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a"b', 'ü', ''))
  .filter((key) => !(key in {}))
const name = fc.oneof(field, fc.constantFrom('constructor', 'toString'))

const cases: fc.Arbitrary<Case> = fc.letrec<{ tree: Case }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...leaf),
    tie('tree').map(({ schema, values }) => ({
      schema: z.array(schema),
      values: fc.array(values, { maxLength: 3 }),
    })),
    tie('tree').map(({ schema, values }) => ({
      schema: schema.nullable(),
      values: fc.oneof(values, fc.constant(null)),
    })),
    tie('tree').map(({ schema, values }) => ({
      schema: z.record(z.string(), schema),
      values: fc.dictionary(name, values, { maxKeys: 3 }),
    })),
    fc
      .uniqueArray(fc.tuple(field, tie('tree')), { selector: ([key]) => key, maxLength: 3 })
      .map((fields) => ({
        schema: z.object(Object.fromEntries(fields.map(([key, { schema }]) => [key, schema.optional()]))),
        values: fc.record(Object.fromEntries(fields.map(([key, { values }]) => [key, values])), {
          requiredKeys: [],
        }),
      })),
    fc.tuple(field, tie('tree')).map(([key, { schema, values }]) => ({
      schema: z.looseObject({ [key]: schema }),
      values: fc.record({ [key]: values, more: fc.jsonValue() }),
    })),
    fc.tuple(tie('tree'), tie('tree')).map(([first, second]) => ({
      schema: z.tuple([first.schema, second.schema]),
      values: fc.tuple(first.values, second.values),
    })),
  ),
})).tree

const example = cases.chain(({ schema, values }) => values.map((value) => ({ schema, value })))

test('whatever the schema, a reply is the JSON of the value', async () => {
  const deep = process.env.LIMBER_TEST_DEEP === '1'
  const examples = fc.sample(example, { numRuns: deep ? 2000 : 200, seed: 6 })
  const { http, errors } = await withRoutes((router) => {
    for (const [index, { schema, value }] of examples.entries()) {
      router.get(`/${index}`, () => ({ value }), { response: z.object({ value: schema }) })
    }
  })
  for (const [index, { value }] of examples.entries()) {
    const reply = await http.inject(`/${index}`)
    expect(errors, JSON.stringify(value)).toEqual([])
    expect(reply.json()).toEqual(JSON.parse(JSON.stringify({ value })))
  }
})

test('dates and large integers that a schema makes are texts', async () => {
  const response = z.object({
    at: z.coerce.date(),
    count: z.coerce.bigint(),
    either: z.union([z.coerce.bigint(), z.boolean()]),
    doubled: z.string().transform((text) => new Date(text)),
  })
  const { http } = await withRoutes((router) =>
    router.get('/', () => ({ at: new Date(0), count: 12n, either: 7n, doubled: '2026-01-01T00:00:00Z' }), {
      response,
    }),
  )
  expect((await http.inject('/')).json()).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    count: '12',
    either: '7',
    doubled: '2026-01-01T00:00:00.000Z',
  })
})

test('a schema that contains itself is written to any depth', async () => {
  const shelf = z.object({
    name: z.string(),
    get shelves() {
      return z.array(shelf)
    },
  })
  const inner = { name: 'inner', secret: 1, shelves: [] }
  const { http } = await withRoutes((router) =>
    router.get('/', () => ({ name: 'outer', shelves: [inner, { name: 'next', shelves: [inner] }] }), {
      response: shelf,
    }),
  )
  expect((await http.inject('/')).json()).toEqual({
    name: 'outer',
    shelves: [
      { name: 'inner', shelves: [] },
      { name: 'next', shelves: [{ name: 'inner', shelves: [] }] },
    ],
  })
})
