import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Application } from 'limber'
import { HttpKernel } from 'limber/http'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder, serving, withRoutes } from './serve-routes.ts'

test('a running application answers on its address', async () => {
  const { url, http } = await serving((router) => router.get('/', () => ({ hello: 'world' })))
  expect(url).toBe(`http://127.0.0.1:${http.port}`)
  expect(await (await fetch(url)).json()).toEqual({ hello: 'world' })
})

test('a port in use is an error that names it, and another port may be tried', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const { app, http } = await withRoutes((router) => router.get('/', () => 'hello'), { http: { port } })
  await expect(app.run(http)).rejects.toMatchObject({
    code: 'LIMBER_PORT_IN_USE',
    message: `Port ${port} on 127.0.0.1 is already in use.`,
    hint: expect.stringContaining(`PORT=${port + 1}`),
  })
  expect(http.address).toBeUndefined()
  http.listenOn({ port: 0 })
  await app.run(http)
  expect(await (await fetch(String(http.address))).text()).toBe('hello')
})

test('a host that is not of this machine is an error that names it', async () => {
  const { app, http } = await withRoutes(() => undefined, { http: { host: '192.0.2.1' } })
  await expect(app.run(http)).rejects.toMatchObject({
    code: 'LIMBER_HOST_NOT_AVAILABLE',
    message: '"192.0.2.1" is not an address of this machine.',
  })
})

test.skipIf(mayOpenEveryPort())('a port that belongs to the system is an error that names it', async () => {
  const { app, http } = await withRoutes(() => undefined, { http: { port: 81 } })
  await asOrdinaryUser(() =>
    expect(app.run(http)).rejects.toMatchObject({
      code: 'LIMBER_PORT_FORBIDDEN',
      message: expect.stringContaining('81'),
      hint: expect.stringContaining('1024'),
    }),
  )
})

test('a command may listen elsewhere than the configuration says', async () => {
  const { app, http } = await withRoutes(() => undefined, { http: { host: '192.0.2.1' } })
  http.listenOn({ host: '127.0.0.1' })
  await app.run(http)
  expect(http.address).toMatch('http://127.0.0.1:')
})

test('plugins and hooks of Fastify are given before the server is built', async () => {
  const { http } = await withRoutes((router) => router.get('/', () => 'hello'), {
    boot: (app) =>
      app.make('http').configure(async (fastify) => {
        await fastify.register(async (part) => {
          part.get('/raw', async () => 'raw')
        })
        fastify.addHook('onSend', async (_request, reply) => {
          reply.header('x-frame-options', 'DENY')
        })
      }),
  })
  expect(() => http.fastify).toThrow(expect.objectContaining({ code: 'LIMBER_SERVER_STATE' }))
  expect((await http.inject('/')).headers['x-frame-options']).toBe('DENY')
  expect((await http.inject('/raw')).payload).toBe('raw')
  expect(http.fastify.hasRoute({ method: 'GET', url: '/' })).toBe(true)
  expect(() => http.configure(() => undefined)).toThrow(
    expect.objectContaining({ code: 'LIMBER_SERVER_STATE' }),
  )
})

test('a request is not answered before boot and after stop', async () => {
  const app = new Application({ root: emptyFolder(), config: {} })
  const http = new HttpKernel(app)
  await expect(http.inject('/')).rejects.toMatchObject({ code: 'LIMBER_WRONG_STATE' })
  await app.boot()
  await app.stop()
  await expect(http.inject('/')).rejects.toMatchObject({ code: 'LIMBER_WRONG_STATE' })
})

test('two applications listen in one process without touching each other', async () => {
  const [one, two] = [
    await serving((router) => router.get('/', () => 'one')),
    await serving((router) => router.get('/', () => 'two')),
  ]
  expect(await (await fetch(one.url)).text()).toBe('one')
  await one.app.stop()
  expect(await (await fetch(two.url)).text()).toBe('two')
})

/** Systems without reserved ports; elsewhere those below 1024 belong to root. */
function mayOpenEveryPort(): boolean {
  const setting = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
  return !existsSync(setting) || Number(readFileSync(setting, 'utf8')) <= 81
}

/** Root may open every port, so it becomes somebody else for a while. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
