import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Guard } from 'limber'
import { type OpenApiConfig, pageOf, type RouteOptions, type Router, type StandardSchema } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { emptyFolder, type ServeOptions, withRoutes } from './serve-routes.ts'

// What a document is made of is looked at field by field here, so its type is as open as JSON.
interface Json {
  readonly [key: string]: Json
}

/** The document of these routes, which a public validator has accepted. */
async function documentOf(
  add: (router: Router) => void,
  openapi: OpenApiConfig = {},
  more: ServeOptions = {},
) {
  const { http } = await withRoutes(add, { ...more, http: { openapi } })
  const reply = await http.inject('/openapi.json')
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  const document: Json = reply.json()
  expect(await new Validator().validate(reply.json())).toMatchObject({ valid: true })
  return document
}

/** The one operation of the one path. */
const only = ({ paths = {} }: Json): Json => Object.values(Object.values(paths)[0] ?? {})[0] ?? {}

const unused = (): never => {
  throw new Error('Nobody asks for it.')
}

const bearer: Guard = { name: 'token', scheme: { type: 'http', scheme: 'bearer' }, admit: () => undefined }

test('a route says everything of itself', async () => {
  const book = z.object({ id: z.int().positive(), title: z.string() })
  const document = await documentOf((router) =>
    router.post('/books/:id', () => ({ id: 1, title: 'Emma' }), {
      name: 'books.update',
      summary: 'Change a book',
      description: 'Only what is **sent**.',
      tags: ['catalogue'],
      deprecated: true,
      guards: [bearer],
      params: z.object({ id: z.coerce.number() }),
      query: z.object({
        page: z.coerce.number().default(1),
        tag: z.array(z.string()).describe('Any of these.'),
      }),
      headers: z.object({ 'x-trace': z.string().optional(), accept: z.string(), authorization: z.string() }),
      body: book.partial(),
      response: book,
      status: 202,
    }),
  )
  const problem = (name: string) => ({ $ref: `#/components/responses/${name}` })
  const integer = { type: 'integer', exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER }
  const properties = { id: integer, title: { type: 'string' } }
  const json = (schema: object) => ({ 'application/json': { schema } })
  expect(document.paths?.['/books/{id}']?.post).toEqual({
    operationId: 'books.update',
    summary: 'Change a book',
    description: 'Only what is **sent**.',
    tags: ['catalogue'],
    deprecated: true,
    security: [{ token: [] }],
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'number' } },
      { name: 'page', in: 'query', required: false, schema: { type: 'number', default: 1 } },
      {
        name: 'tag',
        in: 'query',
        required: true,
        description: 'Any of these.',
        schema: { type: 'array', items: { type: 'string' } },
      },
      { name: 'x-trace', in: 'header', required: false, schema: { type: 'string' } },
    ],
    requestBody: { required: true, content: json({ type: 'object', properties }) },
    responses: {
      202: {
        description: 'Accepted',
        content: json({ type: 'object', properties, required: ['id', 'title'] }),
      },
      400: problem('BadRequest'),
      401: problem('Unauthorized'),
      403: problem('Forbidden'),
      404: problem('NotFound'),
      422: problem('UnprocessableEntity'),
      500: problem('InternalServerError'),
    },
  })
  expect(document.components?.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } })
  expect(document.components?.responses?.NotFound).toEqual({
    description: 'Not Found',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
})

test('what guards answer by themselves is among the responses', async () => {
  const guard = (name: string, more: Partial<Guard>): Guard => ({ name, admit: () => undefined, ...more })
  const scheme = { type: 'http', scheme: 'bearer' }
  const anyOf = [guard('token', { scheme }), guard('session', {})]
  const throttle = guard('throttle', { answers: [429] })
  const document = await documentOf((router) => {
    router.get('/a', () => 'a', { guards: [throttle] })
    router.get('/b', () => 'b', { guards: [guard('any', { anyOf }), throttle] })
    router.get('/c', () => 'c', { guards: [guard('silent', {})] })
    router.get('/d', () => 'd', { guards: [guard('key', { scheme, answers: [401] })] })
    router.get('/f', () => 'f', { answers: [409] })
    router.get('/e', () => 'e', { guards: [guard('either', { anyOf: [throttle] })] })
  })
  const statuses = (path: string) => Object.keys(document.paths?.[path]?.get?.responses ?? {})
  expect(statuses('/a')).toEqual(['200', '429', '500'])
  expect(statuses('/e')).toEqual(['200', '401', '403', '429', '500'])
  expect(statuses('/b')).toEqual(['200', '401', '403', '429', '500'])
  expect(statuses('/f')).toEqual(['200', '409', '500'])
  expect(statuses('/c')).toEqual(['200', '500'])
  expect(statuses('/d')).toEqual(['200', '401', '500'])
  expect(document.components?.responses?.TooManyRequests?.description).toBe('Too Many Requests')
})

test('a route that says nothing has an operation id, a tag, and its success', async () => {
  const document = await documentOf((router) => {
    router.get('/', () => 'hello')
    router.get('/api/v1/books', () => [])
    router.delete('/books/:id', () => undefined)
    router.get('/hidden', () => 'x', { documented: false })
  })
  expect(document.paths).toMatchObject({
    '/': { get: { operationId: 'getRoot', responses: { 200: { description: 'OK' } } } },
    '/api/v1/books': { get: { operationId: 'getApiV1Books', tags: ['books'] } },
    '/books/{id}': {
      delete: {
        operationId: 'deleteBooksId',
        tags: ['books'],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 204: { description: 'No Content' }, 404: {} },
      },
    },
  })
  expect(Object.keys(document.paths ?? {})).toEqual(['/', '/api/v1/books', '/books/{id}'])
  expect(document.paths?.['/']?.get?.security).toBeUndefined()
})

test('paths with expressions, rests and optional ends are paths of OpenAPI', async () => {
  const document = await documentOf((router) => {
    router.get('/books/:id(^\\d+$)', () => 1)
    router.get('/files/*', () => 1)
    router.get('/near/:lat-:lng', () => 1)
    router.get('/reports/:year?', () => 1)
  })
  const { '/books/{id}': books, '/files/{*}': files, ...rest } = document.paths ?? {}
  expect(books?.get?.parameters).toMatchObject([{ name: 'id', schema: { pattern: '^(\\d+)$' } }])
  expect(files?.get?.parameters).toMatchObject([{ name: '*', in: 'path', required: true }])
  expect(Object.keys(rest)).toEqual(['/near/{lat}-{lng}', '/reports', '/reports/{year}'])
  expect(rest['/reports']?.get?.parameters).toBeUndefined()
  const ids = ['/reports', '/reports/{year}'].map((path) => rest[path]?.get?.operationId)
  expect(ids).toEqual(['getReports', 'getReportsYear'])
})

test('paths that differ in the names of parameters only are one path', async () => {
  const document = await documentOf((router) => {
    router.get('/books/:id', () => 1)
    router.delete('/books/:book', () => 1, { params: z.object({ book: z.coerce.number() }) })
  })
  expect(Object.keys(document.paths ?? {})).toEqual(['/books/{id}'])
  expect(document.paths?.['/books/{id}']?.delete?.parameters).toEqual([
    { name: 'id', in: 'path', required: true, schema: { type: 'number' } },
  ])
})

test('operation ids are never the same twice', async () => {
  const document = await documentOf((router) => {
    router.get('/a-b', () => 1)
    router.get('/a_b', () => 1)
    router.get('/c', () => 1, { name: 'getAB' })
  })
  const ids = Object.values(document.paths ?? {}).map((item) => item.get?.operationId)
  expect(ids).toEqual(['getAB2', 'getAB3', 'getAB'])
})

test('what a schema is called is a component, once', async () => {
  const Author = z
    .object({ id: z.int(), name: z.string() })
    .meta({ id: 'Author', examples: [{ id: 1, name: 'A' }] })
  const Book = z.object({ title: z.string(), author: Author.describe('Who wrote it.') }).meta({ id: 'Book' })
  const document = await documentOf((router) => {
    router.get('/books', () => [], { response: z.array(Book) })
    router.get('/pages', unused, { response: pageOf(Book) })
    router.post('/books', unused, { body: Book, response: Book })
  })
  const { Author: author, Book: book, ...others } = document.components?.schemas ?? {}
  expect(Object.keys(others)).toEqual(['Problem'])
  expect(author).toMatchObject({ type: 'object', examples: [{ id: 1, name: 'A' }] })
  expect(book?.properties?.author).toEqual({
    $ref: '#/components/schemas/Author',
    description: 'Who wrote it.',
  })
  const post = document.paths?.['/books']?.post
  expect(post?.requestBody?.content).toEqual({
    'application/json': { schema: { $ref: '#/components/schemas/Book' } },
  })
})

test('what is taken by a name and what is given by it are two components where they differ', async () => {
  const Tag = z.object({ name: z.string().default('new') }).meta({ id: 'Tag' })
  const Book = z.object({ tags: z.array(Tag) }).meta({ id: 'Book' })
  const document = await documentOf((router) => router.post('/books', unused, { body: Book, response: Book }))
  const schemas = document.components?.schemas ?? {}
  expect(Object.keys(schemas)).toEqual(['Book', 'BookInput', 'Problem', 'Tag', 'TagInput'])
  expect(schemas.Tag?.required).toEqual(['name'])
  expect(schemas.TagInput?.required).toBeUndefined()
  expect(schemas.BookInput?.properties?.tags?.items).toEqual({ $ref: '#/components/schemas/TagInput' })
})

test('schemas that contain themselves resolve, with a name and without', async () => {
  const Section = z.object({
    title: z.string(),
    get sections() {
      return z.array(Section)
    },
  })
  const Folder = z
    .object({
      get folders() {
        return z.array(Folder)
      },
    })
    .meta({ id: 'Folder' })
  const document = await documentOf((router) => {
    router.get('/whole', unused, { response: Section })
    router.get('/part', unused, { response: z.object({ first: Section, folder: Folder }) })
  })
  const { GetWholeResponse, GetPartResponse, Folder: folder } = document.components?.schemas ?? {}
  const items = (name: string) => ({ items: { $ref: `#/components/schemas/${name}` } })
  expect(GetWholeResponse?.properties?.sections).toMatchObject(items('GetWholeResponse'))
  expect(GetPartResponse?.properties?.sections).toMatchObject(items('GetPartResponse'))
  expect(folder?.properties?.folders).toMatchObject(items('Folder'))
})

test('everything that JSON Schema has is left as it is', async () => {
  const odd = z.object({
    kind: z.literal('a'),
    nothing: z.string().nullable(),
    default: z.string().meta({ examples: [{ const: 1 }] }),
    byName: z.record(z.string(), z.int().min(1)),
    pair: z.tuple([z.string(), z.boolean()]),
    closed: z.strictObject({ a: z.email() }),
    either: z.discriminatedUnion('k', [z.object({ k: z.literal('x') }), z.object({ k: z.literal('y') })]),
  })
  const document = await documentOf((router) => router.post('/odd', unused, { body: odd }))
  const schema = only(document).requestBody?.content?.['application/json']?.schema
  expect(schema?.properties).toMatchObject({
    kind: { const: 'a' },
    nothing: { type: ['string', 'null'] },
    default: { examples: [{ const: 1 }] },
    byName: { additionalProperties: { minimum: 1 } },
    pair: { prefixItems: [{ type: 'string' }, { type: 'boolean' }] },
    closed: { additionalProperties: false, properties: { a: { format: 'email' } } },
    either: { oneOf: [{ properties: { k: { const: 'x' } } }, {}] },
  })
})

test('dates and large integers are what they are in JSON; what has no words there is open', async () => {
  const document = await documentOf((router) =>
    router.post('/events', unused, {
      body: z.object({ since: z.coerce.date(), until: z.date() }),
      response: z.object({
        at: z.date(),
        size: z.bigint(),
        length: z.string().transform((text) => text.length),
      }),
    }),
  )
  const { requestBody, responses } = only(document)
  const comment = (what: string) => ({ $comment: `${what} cannot be represented in JSON Schema.` })
  expect(requestBody?.content?.['application/json']?.schema?.properties).toEqual({
    since: { type: 'string', format: 'date-time' },
    until: comment('Date'),
  })
  expect(responses?.[200]?.content?.['application/json']?.schema?.properties).toEqual({
    at: { type: 'string', format: 'date-time' },
    size: { type: 'string', pattern: '^-?\\d+$' },
    length: comment('Transforms'),
  })
})

test('a query may be put together, one of several, named, or have fields of any name', async () => {
  const Page = z.object({ page: z.coerce.number().optional() }).meta({ id: 'Page' })
  const choice = z.union([
    z.object({ by: z.literal('id'), id: z.string() }),
    z.object({ by: z.literal('name') }),
  ])
  const document = await documentOf((router) => {
    router.get('/named', () => 1, { query: Page })
    router.get('/both', () => 1, { query: z.intersection(Page, z.object({ q: z.string() })) })
    router.get('/either', () => 1, { query: choice })
    router.get('/any', () => 1, { query: z.record(z.string(), z.string()) })
  })
  const of = (path: string) => document.paths?.[path]?.get?.parameters
  expect(of('/named')).toMatchObject([{ name: 'page', required: false, schema: { type: 'number' } }])
  expect(of('/both')).toMatchObject([
    { name: 'page', required: false },
    { name: 'q', required: true },
  ])
  expect(of('/either')).toMatchObject([
    { name: 'by', required: true, schema: { anyOf: [{ const: 'id' }, { const: 'name' }] } },
    { name: 'id', required: false },
  ])
  expect(of('/any')).toMatchObject([{ name: 'query', schema: { additionalProperties: { type: 'string' } } }])
})

test('a body that may be missing is not required', async () => {
  const body = z.object({ note: z.string() }).optional()
  const document = await documentOf((router) => router.post('/notes', unused, { body }))
  expect(only(document).requestBody).toMatchObject({ required: false })
})

test('any library may describe its schemas; one that does not leaves them open', async () => {
  const standard = { version: 1, vendor: 'other', validate: (value: unknown) => ({ value }) } as const
  const silent: StandardSchema = { '~standard': standard }
  const node = { type: 'object', properties: { next: { $ref: '#/$defs/1' } } }
  const describe = () => ({ $ref: '#/$defs/1', $defs: { 1: node } })
  const jsonSchema = { input: describe, output: describe }
  const telling: StandardSchema = { '~standard': Object.assign({ jsonSchema }, standard) }
  const document = await documentOf((router) =>
    router.post('/x', unused, { body: telling, response: silent, query: silent }),
  )
  const { requestBody, responses, parameters } = only(document)
  expect(parameters).toBeUndefined()
  expect(responses?.[200]?.content).toEqual({ 'application/json': { schema: {} } })
  const reference = { $ref: '#/components/schemas/PostXBody' }
  expect(requestBody?.content).toEqual({ 'application/json': { schema: reference } })
  expect(document.components?.schemas?.PostXBody?.properties?.next).toEqual(reference)
})

test.for<[string, RouteOptions]>([
  ['in two routes', { body: z.int().meta({ id: 'Name' }) }],
  [
    'in one schema',
    { body: z.object({ a: z.string().meta({ id: 'Same' }), b: z.int().meta({ id: 'Same' }) }) },
  ],
])('two schemas of one name %s are an error', async ([, options]) => {
  const { http } = await withRoutes(
    (router) => {
      router.post('/first', unused, { body: z.string().meta({ id: 'Name' }) })
      router.post('/second', unused, options)
    },
    { http: { openapi: {} } },
  )
  await expect(http.inject('/')).rejects.toMatchObject({
    code: 'LIMBER_COMPONENT_CONFLICT',
    message: expect.stringContaining('and one of POST /second.'),
  })
})

test('two guards of one name with different schemes are an error', async () => {
  const other: Guard = { ...bearer, scheme: { type: 'http', scheme: 'basic' } }
  const { http } = await withRoutes(
    (router) => {
      router.get('/a', () => 1, { guards: [bearer] })
      router.get('/b', () => 1, { guards: [other] })
    },
    { http: { openapi: {} } },
  )
  await expect(http.inject('/')).rejects.toMatchObject({
    code: 'LIMBER_COMPONENT_CONFLICT',
    message: '"token" names two different security schemes: one of GET /a, and one of GET /b.',
  })
})

test('routes of plugins stand in the document, and keep their own validation', async () => {
  const params = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } as const
  const { http } = await withRoutes((router) => router.get('/books/:id', () => 1), {
    http: { openapi: {} },
    boot: (app) =>
      app.make('http').configure((fastify) => {
        fastify.delete('/books/:id', { schema: { params, operationId: 'getBooksId' } }, async () => 'gone')
        fastify.get('/raw', async () => 'raw')
      }),
  })
  const document: Json = (await http.inject('/openapi.json')).json()
  expect(document.paths).toMatchObject({
    '/books/{id}': { delete: { operationId: 'getBooksId' }, get: { operationId: 'getBooksId2' } },
    '/raw': { get: {} },
  })
  expect(await new Validator().validate(document)).toMatchObject({ valid: true })
  expect((await http.inject({ method: 'DELETE', url: '/books/x' })).statusCode).toBe(400)
})

test('the configuration says what the interface is called and where it is', async () => {
  const root = emptyFolder()
  writeFileSync(path.join(root, 'package.json'), '{ "version": "2.3.4" }')
  const routes = (router: Router) => router.get('/', () => 1)
  const named = await documentOf(routes, {}, { root, config: { app: { name: 'library' } } })
  expect(named.info).toEqual({ title: 'library', version: '2.3.4' })
  expect(named.servers).toEqual([{ url: '/' }])

  const given = { title: 'Books', version: '7', description: 'All of them.' }
  const more = {
    servers: [{ url: '/api' }],
    tags: [{ name: 'books', description: 'What is on the shelves.' }],
  }
  const document = await documentOf(routes, { ...given, ...more })
  expect(document).toMatchObject({ info: given, ...more })
  expect((await documentOf(routes)).info).toEqual({ title: 'API', version: '0.0.0' })
})

test('the same routes give the same bytes', async () => {
  const texts = await Promise.all(
    [1, 2].map(async () => {
      const Book = z.object({ title: z.string() }).meta({ id: 'Book' })
      const add = (router: Router) => router.post('/books', unused, { body: Book, response: Book })
      return (await (await withRoutes(add, { http: { openapi: {} } })).http.inject('/openapi.json')).body
    }),
  )
  expect(texts[0]).toBe(texts[1])
})

test('nothing is served that is not configured', async () => {
  const paths = ['/openapi.json', '/docs', '/docs/']
  const statusesWith = async (openapi?: OpenApiConfig) => {
    const { http } = await withRoutes((router) => router.get('/', () => 1), {
      http: { ...(openapi && { openapi }) },
    })
    return Promise.all(paths.map(async (url) => (await http.inject(url)).statusCode))
  }
  expect(await statusesWith()).toEqual([404, 404, 404])
  expect(await statusesWith({})).toEqual([200, 302, 200])
  expect(await statusesWith({ reference: false })).toEqual([200, 404, 404])
  expect(await statusesWith({ path: false })).toEqual([404, 404, 404])
})

test('guards keep the document and the reference from strangers', async () => {
  const scopes: (string | undefined)[] = []
  const { http } = await withRoutes((router) => router.get('/', () => 1), {
    http: {
      openapi: {
        guards: [
          {
            name: 'nobody',
            admit: (_request, app) => {
              scopes.push(app.currentScope()?.title)
              throw Object.assign(new Error('no'), { code: 'FST_NO', statusCode: 401 })
            },
          },
        ],
      },
    },
  })
  const paths = ['/openapi.json', '/docs', '/docs/', '/docs/js/scalar.js']
  for (const url of paths) expect((await http.inject(url)).statusCode).toBe(401)
  expect((await http.inject('/')).statusCode).toBe(200)
  expect(scopes[0]).toBe('request GET /openapi.json')
})

test.for([
  [{ path: 'api.json' }, { code: 'LIMBER_OPEN_API_CONFIG', hint: 'Begin it with a slash: "/api.json".' }],
  [{ path: '/taken' }, { code: 'LIMBER_ROUTE_CONFLICT', message: expect.stringContaining('GET /taken') }],
  [
    { reference: '/taken/' },
    { code: 'LIMBER_ROUTE_CONFLICT', message: expect.stringContaining('GET /taken') },
  ],
] as const)('%o is refused when the server is built', async ([openapi, error]) => {
  const { http } = await withRoutes((router) => router.get('/taken', () => 1), { http: { openapi } })
  await expect(http.inject('/')).rejects.toMatchObject(error)
})

test('a page of things that contain themselves refers to the thing, not to the page', async () => {
  const shelf = z.object({
    name: z.string(),
    get shelves() {
      return z.array(shelf)
    },
  })
  const document = await documentOf((router) => router.get('/shelves', unused, { response: pageOf(shelf) }))
  const text = JSON.stringify(document)
  const [, name] = /"items":\{"\$ref":"(#\/components\/schemas\/[^"]+)"/.exec(text) ?? []
  expect(name).toBeDefined()
  const { properties } = document.components?.schemas?.[String(name).split('/').at(-1) ?? ''] ?? {}
  expect(properties).toMatchObject({ name: { type: 'string' }, shelves: { items: { $ref: name } } })
})

test('streams and events say what flows, and WebSockets are left out', async () => {
  const { paths = {} } = await documentOf((router) => {
    router.get('/export', () => [{ id: 1 }], { stream: z.object({ id: z.int() }) })
    router.sse('/events', () => [{ data: 1 }])
    router.ws('/chat', { message: () => undefined })
  })
  expect(Object.keys(paths)).not.toContain('/chat')
  const contentOf = (path: string) => paths[path]?.get?.responses?.[200]?.content
  expect(contentOf('/export')).toMatchObject({
    'application/x-ndjson': { schema: { properties: { id: { type: 'integer' } } } },
  })
  expect(contentOf('/events')).toEqual({ 'text/event-stream': { schema: { type: 'string' } } })
})

test('guards of which one is enough are a choice in the document', async () => {
  const key: Guard = { ...bearer, name: 'key', scheme: { type: 'apiKey', in: 'header', name: 'x-api-key' } }
  const either: Guard = { name: 'either', anyOf: [bearer, key], admit: () => undefined }
  const { http } = await withRoutes(
    (router) => {
      router.get('/a', () => 1, { guards: [either] })
      router.get('/b', () => 1, { guards: [key, either] })
    },
    { http: { openapi: {} } },
  )
  const document: Json = (await http.inject('/openapi.json')).json()
  expect(document.paths).toMatchObject({
    '/a': { get: { security: [{ token: [] }, { key: [] }] } },
    '/b': { get: { security: [{ key: [], token: [] }, { key: [] }] } },
  })
  expect(await new Validator().validate(document)).toMatchObject({ valid: true })
})
