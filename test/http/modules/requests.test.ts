import { once } from 'node:events'
import { Agent, get, request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Guard, LimberError } from 'limber'
import { DatabaseServiceProvider, fromUrl } from 'limber/database'
import { type HttpContext, type Router, sessionOf } from 'limber/http'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { appFolder } from '../../support/app-folder.ts'
import { talkTo } from '../live/talk.ts'
import { loggedApplication } from '../logged-application.ts'
import { type ServeOptions, withRoutes } from '../serve-routes.ts'
import { addModule, served } from './modules-of-routes.ts'

declare module 'limber/http' {
  interface SessionValues {
    moduleVisits: number
  }
}

/** A listening server, to which a module has come. */
async function withModule(add: (router: Router) => void, options: ServeOptions = {}, own?: typeof add) {
  const all = await served(options, own)
  const remove = await addModule(all.app, 'shop', add)
  return { ...all, remove }
}

test('each request of a module is a unit of work on its behalf, its guards and events included', async () => {
  const seen: unknown[] = []
  const note = (kind: string, module: string | undefined) => void seen.push([kind, module])
  const guard: Guard = { name: 'note', admit: (_request, app) => note('guard', app.currentScope()?.module) }
  const { url, app } = await withModule(
    (router) => {
      router.get('/shop', ({ app }) => note('request', app.currentScope()?.module), { guards: [guard] })
      router.sse('/events', async function* () {
        note('event', app.currentScope()?.module)
        yield { data: 1 }
      })
      router.ws('/talk', { message: () => ({ module: app.currentScope()?.module }) })
    },
    {},
    (router) => router.get('/plain', ({ app }) => note('own', app.currentScope()?.module)),
  )
  for (const path of ['/shop', '/events', '/plain']) await (await fetch(url + path)).text()
  expect(seen).toEqual([
    ['guard', 'shop'],
    ['request', 'shop'],
    ['event', 'shop'],
    ['own', undefined],
  ])
  const talk = await talkTo(`${url}/talk`)
  talk.say('who?')
  expect(await talk.hear()).toEqual({ module: 'shop' })
})

test('what a request of a module writes is committed with its reply, or undone with its error', async () => {
  const { app, url } = await withModule(
    (router) => {
      const write = ({ params, app }: HttpContext<{ params: typeof title }>) =>
        app.make('db.session').execute('insert into shelf (title) values (?)', [params.title])
      router.post('/kept/:title', async (context) => void (await write(context)), { params: title })
      router.post(
        '/lost/:title',
        async (context) => {
          await write(context)
          throw new Error('regret')
        },
        { params: title },
      )
    },
    {
      config: { database: { default: 'main', connections: { main: fromUrl('sqlite:shelf.sqlite') } } },
      providers: [DatabaseServiceProvider],
    },
  )
  const rows = (sql: string) => app.scope(() => app.make('db.session').execute(sql))
  await rows('create table shelf (title text)')
  const post = async (path: string) => (await fetch(url + path, { method: 'POST' })).status
  expect([await post('/kept/Emma'), await post('/lost/Persuasion')]).toEqual([204, 500])
  expect(await rows('select title from shelf')).toEqual([{ title: 'Emma' }])
})

const title = z.object({ title: z.string() })

test('bodies are read, checked and limited as everywhere', async () => {
  const body = z.object({ name: z.string() })
  const { url } = await withModule((router) => {
    router.post('/shop', ({ body }) => body, { body, bodyLimit: 100 })
  })
  const post = (content: unknown) =>
    fetch(`${url}/shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    })
  expect(await (await post({ name: 'Emma' })).json()).toEqual({ name: 'Emma' })
  const refused = await post({ name: 1 })
  expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
  expect((await post({ name: 'a'.repeat(200) })).status).toBe(413)
})

test('a large stream arrives as it was sent', async () => {
  const part = Buffer.alloc(65_536, 'x')
  const { url } = await withModule((router) => {
    router.get('/large', () => Readable.from(Array.from({ length: 160 }, () => part)))
  })
  const bytes = await (await fetch(`${url}/large`)).arrayBuffer()
  expect(bytes.byteLength).toBe(160 * part.length)
})

test('a time limit, an error and a guard answer as problems', async () => {
  class Stranger extends LimberError {
    readonly code = 'TEST_STRANGER'
    readonly kind = 'unauthenticated' as const
  }
  const guard: Guard = {
    name: 'friends',
    admit: () => {
      throw new Stranger('Who are you?')
    },
  }
  const { url } = await withModule((router) => {
    router.get('/late', () => new Promise(() => undefined), { timeout: 20 })
    router.get('/broken', () => Promise.reject(new Error('no')))
    router.get('/guarded', () => 'in', { guards: [guard] })
  })
  const statuses = ['/late', '/broken', '/guarded'].map(async (path) => {
    const reply = await fetch(url + path)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(await reply.json()).toMatchObject({ status: reply.status })
    return reply.status
  })
  expect(await Promise.all(statuses)).toEqual([504, 500, 401])
})

test('what another method would be allowed is told of both, and HEAD answers where GET does', async () => {
  const { url } = await withModule(
    (router) => {
      router.get('/shop', () => 'shop')
      router.delete('/own', () => undefined)
    },
    {},
    (router) => router.put('/shop', () => undefined),
  )
  const post = (path: string) => fetch(url + path, { method: 'POST' })
  const allowed = async (path: string) => (await post(path)).headers.get('allow')?.split(', ').sort()
  expect(await allowed('/shop')).toEqual(['GET', 'HEAD', 'PUT'])
  expect(await allowed('/own')).toEqual(['DELETE', 'GET', 'HEAD'])
  expect((await post('/own')).status).toBe(405)
  expect((await fetch(`${url}/shop`, { method: 'HEAD' })).status).toBe(200)
})

test('a preflight is answered for routes of modules, as long as they are there', async () => {
  const { url, remove } = await withModule((router) => router.put('/shop', () => 'shop'), {
    http: { cors: { origin: 'https://a.example' } },
  })
  const preflight = () =>
    fetch(`${url}/shop`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
    })
  const reply = await preflight()
  expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([204, 'https://a.example'])
  await remove()
  expect((await preflight()).status).toBe(404)
})

test('files of the application that answer everything else leave the routes of modules alone', async () => {
  const root = appFolder({ 'public/index.html': 'page', 'public/shop': 'file' })
  const { url, remove } = await withModule((router) => router.get('/shop', () => 'route'), {
    root,
    http: { static: { root: 'public' } },
  })
  const shop = async () => (await fetch(`${url}/shop`)).text()
  expect(await shop()).toBe('route')
  await remove()
  expect(await shop()).toBe('file')
})

test('the session of a client is the same before and after modules come and go', async () => {
  const sessions = { cookies: { secret: 'a secret of at least thirty-two letters' }, sessions: true } as const
  const visit = (context: HttpContext) => {
    const session = sessionOf(context)
    const visits = (session.get('moduleVisits') ?? 0) + 1
    session.set('moduleVisits', visits)
    return { visits }
  }
  const { app, url } = await served({ http: sessions }, (router) => router.get('/visit', visit))
  const first = await fetch(`${url}/visit`)
  const cookie = String(first.headers.get('set-cookie')).split(';')[0] ?? ''
  const again = async () => (await fetch(`${url}/visit`, { headers: { cookie } })).json()
  const remove = await addModule(app, 'shop', (router) => router.get('/shop', () => 'shop'))
  expect(await again()).toEqual({ visits: 2 })
  await remove()
  expect(await again()).toEqual({ visits: 3 })
})

test('events end as a whole when their module goes', async () => {
  const { url, remove } = await withModule((router) => {
    router.sse('/ticks', async function* ({ signal }) {
      yield { data: 'first' }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
  })
  const reader = (await fetch(`${url}/ticks`)).body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  while (!heard.includes('first')) heard += (await reader?.read())?.value
  await remove()
  for (let end = await reader?.read(); end && !end.done; end = await reader?.read()) heard += end.value
  expect(heard).toContain('data: first')
})

test('WebSockets of a module open, talk, and are closed when it goes', async () => {
  const { app, url, remove } = await withModule((router) => {
    router.ws('/echo', { message: (message) => message })
  })
  const talk = await talkTo(`${url}/echo`)
  talk.say({ it: 'is me' })
  expect(await talk.hear()).toEqual({ it: 'is me' })
  await remove()
  expect((await talk.closed).code).toBe(1001)
  await expect(talkTo(`${url}/echo`)).rejects.toThrow()
  await addModule(app, 'chat', (router) => router.ws('/echo', { message: () => ({ is: 'new' }) }))
  const next = await talkTo(`${url}/echo`)
  next.say(1)
  expect(await next.hear()).toEqual({ is: 'new' })
})

test('WebSockets of the application go on while modules with others come and go', async () => {
  const { app, url, remove } = await withModule(
    (router) => router.ws('/theirs', { message: () => ['theirs'] }),
    {},
    (router) => router.ws('/ours', { message: () => ['ours'] }),
  )
  const answers = async (path: string) => {
    const talk = await talkTo(url + path)
    talk.say(1)
    return talk.hear()
  }
  const open = await talkTo(`${url}/ours`)
  expect([await answers('/ours'), await answers('/theirs')]).toEqual([['ours'], ['theirs']])
  await remove()
  open.say(1)
  expect([await open.hear(), await answers('/ours')]).toEqual([['ours'], ['ours']])
  await addModule(app, 'plain', (router) => router.get('/shop', () => 'shop'))
  expect(await answers('/ours')).toEqual(['ours'])
})

test('who asks for another protocol is content with a reply, though a module takes WebSockets', async () => {
  const { http } = await withModule((router) => router.ws('/echo', { message: (message) => message }))
  const socket = connect(Number(http.port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('GET /own HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n')
  const reply = text(socket)
  socket.on('data', (bytes) => String(bytes).endsWith('own') && socket.end())
  expect(await reply).toContain('200 OK')
})

test('a client that waits to be told to go on is told so by the route of a module', async () => {
  const { http } = await withModule((router) => router.post('/shop', () => 'shop'))
  const sent = request({ port: http.port, path: '/shop', method: 'POST', headers: { expect: 'nothing' } })
  onTestFinished(() => void sent.destroy())
  sent.end()
  const [{ statusCode }] = await once(sent, 'response')
  const own = await http.inject({ url: '/shop', method: 'POST', headers: { expect: 'nothing' } })
  expect(statusCode).toBe(own.statusCode)
})

test('each request is one line of the access log, with the bytes of its reply alone', async () => {
  const { app, http, lines } = await loggedApplication((router) => router.get('/own', () => 'own'), {
    http: { accessLog: true },
  })
  await app.run(http)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async (path: string) => {
    const [reply] = await once(get(http.address + path, { agent }), 'response')
    await once(reply.resume(), 'end')
  }
  await ask('/own')
  await addModule(app, 'shop', (router) => router.get('/own2', () => 'own'))
  await ask('/own')
  await ask('/own2')
  agent.destroy()
  await app.stop()
  const written = lines.filter((line) => 'duration' in line)
  expect(written.map(({ msg }) => msg)).toEqual(['GET /own 200', 'GET /own 200', 'GET /own2 200'])
  expect(new Set(written.map(({ bytes }) => bytes)).size).toBe(1)
})

test('names of routes are found, whoever asks, as long as the module is there', async () => {
  const { app, http } = await withRoutes((router) => router.get('/', () => 'home', { name: 'home' }))
  const url = (router: Router, name: string) => router.url(name as never)
  const remove = await addModule(app, 'shop', (router) => {
    router.get('/shop', () => [url(router, 'home'), url(router, 'shop')], { name: 'shop' })
  })
  expect(url(app.make('router'), 'shop')).toBe('/shop')
  expect((await http.inject('/shop')).json()).toEqual(['/', '/shop'])
  await remove()
  expect(() => url(app.make('router'), 'shop')).toThrow(
    expect.objectContaining({ code: 'LIMBER_UNKNOWN_ROUTE_NAME' }),
  )
})

test('the OpenAPI document says what is answered now', async () => {
  const { url, app, remove } = await withModule((router) => router.get('/shop', () => 'shop'), {
    http: { openapi: { reference: false } },
  })
  const paths = async () => {
    const document: { paths: object } = JSON.parse(await (await fetch(`${url}/openapi.json`)).text())
    return Object.keys(document.paths)
  }
  expect(await paths()).toEqual(['/own', '/shop'])
  await addModule(app, 'blog', (router) => router.get('/blog', () => 'blog'))
  await remove()
  expect(await paths()).toEqual(['/own', '/blog'])
})
