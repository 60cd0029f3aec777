import { apiKey, bearer } from 'limber/auth'
import { TestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { Recorder } from '../http/serve-routes.ts'
import { served } from './support/served.ts'

async function library() {
  const recorder = new Recorder()
  const world = await served((router) => {
    router.get('/key', () => 'in', { guards: [apiKey({ abilities: ['books:read'] })] })
    router.get('/token', () => 'in', { guards: [bearer()] })
  })
  const add = world.keys.add.bind(world.keys)
  world.keys.add = (key) => {
    recorder.join(world.app.currentScope())
    add(key)
  }
  return { ...world, recorder, cli: new TestApplication(world.app) }
}

const KEY = ['auth', 'key', '--user', 'ada@library.example', '--name', 'a script']

test('limber auth key prints a key that works', async () => {
  const { cli, get, keys } = await library()
  const { exitCode, stdout } = await cli.run(...KEY, '--ability', 'books:read,books:write')
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^lk_[a-z\d]{16}_[A-Za-z\d]{43}\n$/)])
  expect((await get('/key', { 'x-api-key': stdout.trim() })).status).toBe(200)
  expect(keys.rows[0]).toMatchObject({ name: 'a script', expiresAt: undefined })
})

test('limber auth key says with --json what the key is good for, and until when', async () => {
  const { cli, get, clock } = await library()
  const { stdout } = await cli.run(...KEY, '--ability', '*', '--expires', '90d', '--json')
  const issued = JSON.parse(stdout)
  const expiresAt = new Date(clock.time + 90 * 86_400_000).toISOString()
  expect(issued).toMatchObject({ user: 'ada@library.example', name: 'a script', abilities: ['*'], expiresAt })
  expect((await get('/key', { 'x-api-key': issued.key })).status).toBe(200)
})

test('limber auth key prints no key that was not kept', async () => {
  const { cli, recorder } = await library()
  recorder.failing = 'commit'
  const { exitCode, stdout } = await cli.run(...KEY)
  expect([exitCode === 0, stdout]).toEqual([false, ''])
})

test('limber auth key --dry-run issues nothing', async () => {
  const { cli, keys } = await library()
  const { exitCode, stdout } = await cli.run(...KEY, '--dry-run')
  expect([exitCode, stdout]).toEqual([
    0,
    'A key for ada@library.example would be issued. Nothing was written.\n',
  ])
  const asJson = await cli.run(...KEY, '--dry-run', '--json')
  expect(JSON.parse(asJson.stdout)).toMatchObject({ key: null, name: 'a script' })
  expect(keys.rows).toEqual([])
})

test.each([
  ['a name of blanks', ['--name', ' ']],
  ['a name with a NUL', ['--name', 'a\0b']],
  ['an ability that is none', ['--ability', 'read books']],
])('limber auth key refuses %s, also with --dry-run', async (_, options) => {
  const { cli, keys } = await library()
  for (const more of [[], ['--dry-run']]) {
    const { exitCode, stderr } = await cli.run(...KEY, ...options, ...more)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('LIMBER_API_KEY_NOT_ISSUED')])
  }
  expect(keys.rows).toEqual([])
})

test('limber auth token prints a token that works', async () => {
  const { cli, get, clock } = await library()
  const { stdout } = await cli.run('auth', 'token', '--user', 'ada@library.example', '--expires', '1h')
  const authorization = `Bearer ${stdout.trim()}`
  expect((await get('/token', { authorization })).status).toBe(200)
  clock.time += 3_600_000
  expect((await get('/token', { authorization })).status).toBe(401)
  const asJson = await cli.run('auth', 'token', '--user', 'ada@library.example', '--json')
  expect(JSON.parse(asJson.stdout)).toMatchObject({ user: 'ada@library.example', token: expect.any(String) })
})

test.each([
  ['a user who is not there', ['--user', 'nobody'], 'LIMBER_USER_NOT_FOUND'],
  ['a time that is none', ['--user', 'ada@library.example', '--expires', 'soon'], 'LIMBER_COMMAND_VALUE'],
])('limber auth token refuses %s', async (_, options, code) => {
  const { cli } = await library()
  const { exitCode, stdout, stderr } = await cli.run('auth', 'token', ...options)
  expect([exitCode === 0, stdout, stderr]).toEqual([false, '', expect.stringContaining(code)])
})

test('the commands say which part of the configuration is not there', async () => {
  const world = await served(() => undefined, { auth: { jwt: undefined, apiKeys: undefined } as never })
  const cli = new TestApplication(world.app)
  for (const argv of [KEY, [...KEY, '--dry-run'], ['auth', 'token', '--user', 'ada@library.example']]) {
    expect((await cli.run(...argv)).stderr).toContain('LIMBER_AUTH_OFF')
  }
})
