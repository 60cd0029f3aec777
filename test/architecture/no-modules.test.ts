/** What an application pays for modules that it does not have. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { repository } from '../support/run-limber.ts'

const WATCH = `
  import { writeFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  const packages = new Set()
  registerHooks({
    load(url, context, next) {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
      if (name) packages.add(name)
      return next(url, context)
    },
  })
  process.on('exit', () => writeFileSync('loaded.txt', [...packages].join('\\n')))`

const hooks = pathToFileURL(path.join(repository, 'bin/typescript-hooks.js')).href

const APPLICATION = {
  'package.json': '{ "type": "module" }',
  'watch.js': WATCH,
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { HttpServiceProvider } from 'limber/http'
    import { ModulesServiceProvider } from 'limber/modules'
    export default defineApp({
      name: 'no modules',
      providers: [HttpServiceProvider, ModulesServiceProvider],
      modules: ['modules/*'],
    })`,
  'app/http/routes.ts': "export default (router) => { router.get('/', () => 'here') }",
  'boot.js': `
    import { registerTypeScript } from ${JSON.stringify(hooks)}
    registerTypeScript({ conditions: ['limber:source'] })
    const { createApplication } = await import('limber')
    await using app = await createApplication()
    await app.boot()
    await app.scope(() => console.log(app.make('modules').list()))`,
}

/** What only modules need, apart from rolldown: that compiles the framework itself where its sources are run. */
const ofModules = /^(yaml|semver|tar|intl-messageformat|better-sqlite3)$/

function loadedBy(...command: readonly string[]): string[] {
  const root = appFolder(APPLICATION)
  const watch = ['--import', './watch.js', ...command]
  execFileSync(process.execPath, watch, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  return readFileSync(path.join(root, 'loaded.txt'), 'utf8').split('\n')
}

describe('an application that lists ModulesServiceProvider and has no folder of modules', () => {
  const limber = path.join(repository, 'bin/limber.js')
  it.each([
    ['its commands are listed', [limber, '--help']],
    ['its routes are listed', [limber, 'routes']],
    ['it boots and works', ['boot.js']],
  ])('loads nothing of what modules need when %s', (_, command) => {
    const loaded = loadedBy(...command)
    expect(loaded).toContain('rolldown')
    expect(loaded.filter((name) => ofModules.test(name))).toEqual([])
  })
})
