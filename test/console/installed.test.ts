import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFolder, copy, link, write } from '../support/app-folder.ts'
import { buildPackage } from '../support/built-package.ts'
import { repository, runLimber } from '../support/run-limber.ts'

const DEPENDENCIES = ['inversify', '@inversifyjs/core', 'reflect-metadata', 'commander', 'pino', 'zod']
const CONFIG = `
import { defineApp, ServiceProvider } from 'limber'
class EmptyServiceProvider extends ServiceProvider {}
export default defineApp({ name: 'installed', providers: [EmptyServiceProvider] })
`

let built: string

beforeAll(() => {
  built = buildPackage()
})
afterAll(() => rmSync(built, { recursive: true }))

function install(files: Readonly<Record<string, string>>): { cwd: string; bin: string } {
  const cwd = appFolder({}, built)
  rmSync(path.join(cwd, 'node_modules/limber'))
  copy(built, path.join(cwd, 'node_modules/limber'))
  for (const name of DEPENDENCIES) link(cwd, name, path.join(repository, 'node_modules', name))
  write(cwd, { 'package.json': '{ "type": "module" }', ...files })
  return { cwd, bin: path.join(cwd, 'node_modules/limber/bin/limber.js') }
}

describe('limber installed from npm', () => {
  it('runs an application in JavaScript without anything that compiles', async () => {
    const { code, stderr } = await runLimber(['list'], install({ 'config/app.js': CONFIG }))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('says what to install when the application is TypeScript and nothing can run that', async () => {
    const { code, stderr } = await runLimber(['list'], install({ 'config/app.ts': CONFIG }))
    expect(code).toBe(1)
    expect(stderr).toContain('[LIMBER_TYPESCRIPT_RUNNER_MISSING]')
    expect(stderr).toContain('npm install --save-dev rolldown @oxc-project/runtime')
  })

  it('runs an application in TypeScript, with decorator metadata, once that is installed', async () => {
    const app = install({ 'config/app.ts': CONFIG })
    for (const name of ['rolldown', '@oxc-project/runtime']) {
      link(app.cwd, name, path.join(repository, 'node_modules', name))
    }
    const { code, stdout } = await runLimber(['doctor'], app)
    expect(stdout).toMatch(/^ok {5}decorator metadata$/m)
    expect(code).toBe(0)
  })

  it('notices, from a program that runs TypeScript without decorator metadata, that this does not work', async () => {
    const program = `
import { createApplication } from 'limber'
import { ConsoleKernel } from 'limber/console'
import { consoleCommands } from './node_modules/limber/dist/console/commands.js'
const app = await createApplication()
await app.boot()
process.exitCode = await new ConsoleKernel(app, consoleCommands).run(['doctor'])
`
    const { cwd } = install({ 'config/app.ts': CONFIG, 'program.js': program })
    const { code, stdout } = await runLimber([], { cwd, bin: path.join(cwd, 'program.js') })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^fault {2}decorator metadata$/m)
    expect(stdout).toContain('[LIMBER_DECORATOR_METADATA_MISSING]')
  })
})
