import { anyOf, apiKey, basic, bearer } from 'limber/auth'
import { expect, test } from 'vitest'
import { basicOf, jsonOf, keyFor, PASSWORD, SECRET, served, tokenFor } from './support/served.ts'

test('no credentials stand in any line of the log, nor in any reply, whatever goes wrong', async () => {
  const world = await served(
    (router, app) => {
      const guards = [anyOf(basic(), apiKey(), bearer())]
      router.get('/me', () => 'in', { guards })
      router.get('/broken', () => Promise.reject(new Error('the disk is full')), { guards })
      router.post('/login', () =>
        app.make('auth').attempt({ login: 'ada@library.example', password: 'tried-in-vain' }),
      )
    },
    { http: { accessLog: true } },
  )
  const [key, token] = [await keyFor(world, 1), await tokenFor(world, 1)]
  const sent: Record<string, string>[] = [
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${token}x` },
    { authorization: `Bearer x.${token}` },
    { 'x-api-key': key },
    { 'x-api-key': `${key.slice(0, -1)}0` },
    basicOf(world.ada.login, PASSWORD),
    basicOf(world.ada.login, 'tried-in-vain'),
  ]
  const bodies: string[] = []
  for (const path of ['/me', '/broken']) {
    for (const headers of sent) {
      const reply = await world.get(path, headers)
      bodies.push(`${await reply.text()} ${[...reply.headers].join(' ')}`)
    }
  }
  const login = await fetch(`${world.url}/login`, { method: 'POST' })
  bodies.push(JSON.stringify(await jsonOf(login)))
  world.keys.find = () => Promise.reject(new Error('the database is away'))
  bodies.push(await (await world.get('/me', { 'x-api-key': key })).text())

  const encoded = Buffer.from(`${world.ada.login}:${PASSWORD}`).toString('base64')
  const secrets = [
    token,
    token.split('.')[2] ?? '',
    key,
    key.slice(20),
    PASSWORD,
    'tried-in-vain',
    encoded,
    SECRET,
  ]
  const written = [...world.lines, ...bodies].join('\n')
  expect(world.lines.length).toBeGreaterThan(10)
  expect(written).toContain('the disk is full')
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([])
})

test('the log says whom a request was for', async () => {
  const world = await served((router, app) => {
    router.get('/me', () => void app.make('log').info('here'), { guards: [bearer()] })
  })
  await world.get('/me', { authorization: `Bearer ${await tokenFor(world, 1)}` })
  const line = world.lines.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'here')
  expect(line).toMatchObject({ user: 1, kind: 'request' })
})
