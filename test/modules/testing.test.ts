import { existsSync } from 'node:fs'
import path from 'node:path'
import { DatabaseServiceProvider } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { HttpServiceProvider } from 'limber/http'
import { ModulesServiceProvider } from 'limber/modules'
import { createTestApplication, type TestApplicationOptions } from 'limber/testing'
import { expect, it } from 'vitest'
import { write } from '../support/app-folder.ts'
import { type ModuleFiles, moduleFolder } from '../support/module-folder.ts'
import { SALE_MODEL } from './support/sale-model.ts'

const permissions = ['use_db', 'use_http']
const shop: ModuleFiles = {
  manifest: `permissions: [${permissions}]`,
  files: {
    'models.ts': SALE_MODEL,
    'routes.ts': `
import type { Router } from 'limber/http'
import { Sale } from './models.ts'
export default (router: Router) => {
  router.post('/sales', async () => {
    await Sale.create({ item: 'a' })
    return {}
  })
  router.get('/sales', async () => ({ count: (await Sale.all()).length }))
}`,
  },
}

function applicationFolder(): string {
  const root = moduleFolder({ shop })
  const app =
    "import { defineApp } from 'limber'\nexport default defineApp({ name: 'test', providers: [] })\n"
  write(root, { 'config/app.ts': app })
  return root
}

async function countsIn(root: string, options: TestApplicationOptions, scratch = false) {
  const config = {
    log: { level: 'silent' },
    app: {
      name: 'test',
      providers: [DatabaseServiceProvider, HttpServiceProvider, ModulesServiceProvider],
      modules: [{ folder: 'modules/shop', permissions }],
    },
    database: { default: 'main', scratch, connections: { main: sqlite({ file: 'storage/main.sqlite' }) } },
  }
  await using test = await createTestApplication({ root, config, migrate: false, ...options })
  const count = async () => (await test.inject({ method: 'GET', url: '/sales' })).json().count
  const before = await count()
  await test.inject({ method: 'POST', url: '/sales' })
  return [before, await count()]
}

it('a test on scratch databases leaves the files of modules alone', async () => {
  const root = applicationFolder()
  expect(await countsIn(root, {}, true)).toEqual([0, 1])
  expect(await countsIn(root, {}, true)).toEqual([0, 1])
  expect(existsSync(path.join(root, 'storage/modules/shop.sqlite'))).toBe(false)
})

it('a test with rollback undoes what was written to the databases of modules', async () => {
  const root = applicationFolder()
  const configured = { database: 'configured' } as const
  expect(await countsIn(root, { ...configured, rollback: true })).toEqual([0, 1])
  expect(await countsIn(root, { ...configured, rollback: true })).toEqual([0, 1])
  expect(await countsIn(root, configured)).toEqual([0, 1])
  expect(await countsIn(root, configured)).toEqual([1, 2])
})
