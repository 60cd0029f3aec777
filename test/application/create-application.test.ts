import { createApplication } from 'limber'
import { describe, expect, test } from 'vitest'
import { rejection } from '../container/print-shop.ts'
import { applicationFolder } from './folder.ts'

const minimal =
  "import { defineApp } from 'limber'\nexport default defineApp({ name: 'shop', providers: [] })\n"

describe('createApplication()', () => {
  test('reads config/ and is not booted yet', async () => {
    const root = applicationFolder({ 'config/app.ts': minimal })
    const app = await createApplication({ root })
    expect([app.state, app.root, app.config.get('app.name')]).toEqual(['created', root, 'shop'])
  })

  test('gives every application a log and a health report', async () => {
    const app = await createApplication({ root: applicationFolder({ 'config/app.ts': minimal }) })
    await app.boot()
    expect(app.make('log').level).toBe('silent')
    expect(await app.make('health').report()).toEqual({ status: 'ok', checks: {} })
  })

  test('takes sections to replace, and functions that change them', async () => {
    const root = applicationFolder({ 'config/app.ts': minimal })
    const app = await createApplication({
      root,
      config: { app: (app: object) => ({ ...app, name: 'changed' }), log: { level: 'error' } },
    })
    expect([app.config.get('app.name'), app.config.get('log.level')]).toEqual(['changed', 'error'])
  })

  test('says which file has to list the providers', async () => {
    const root = applicationFolder({ 'config/app.ts': "export default { name: 'shop' }" })
    expect(await rejection(createApplication({ root }))).toMatchObject({
      code: 'LIMBER_CONFIG_FILE',
      message: 'config/app.ts cannot be used: it does not list any providers.',
    })
  })

  test('says which provider is undefined because files import each other', async () => {
    const root = applicationFolder({
      'config/app.ts': "export default { name: 'shop', providers: [undefined] }",
    })
    expect(await rejection(createApplication({ root }))).toMatchObject({
      code: 'LIMBER_CONFIG_FILE',
      message: 'config/app.ts cannot be used: provider 1 is not a class.',
    })
  })
})
