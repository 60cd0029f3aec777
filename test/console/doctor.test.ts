import { describe, expect, it } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

interface Report {
  readonly ok: boolean
  readonly checks: { check: string; faults: { code?: string; text: string }[] }[]
}

const appWith = (provider: string) => ({
  'config/app.ts': `
import { defineApp, inject, injectable, ServiceProvider } from 'limber'
${provider}
export default defineApp({ name: 'ill', providers: [IllServiceProvider] })
`,
})

async function doctor(cwd: string) {
  const { code, stdout } = await runLimber(['doctor', '--json'], { cwd })
  const report: Report = JSON.parse(stdout)
  const faults = report.checks.flatMap(({ check, faults }) => faults.map((fault) => ({ check, ...fault })))
  return { code, report, faults }
}

describe('limber doctor', () => {
  it('finds nothing wrong with an application that works', async () => {
    const { code, stdout } = await runLimber(['doctor'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok {5}Node\.js: v\d+/m)
    expect(stdout).toMatch(/^ok {5}decorator metadata$/m)
    expect(stdout).not.toContain('fault')
  })

  it('reports every fault of the service graph at once', async () => {
    const folder = appFolder(
      appWith(`
@injectable() class Lost { constructor(@inject('nowhere') readonly it: unknown) {} }
class PerScope {}
@injectable() class Captor { constructor(readonly it: PerScope) {} }
class IllServiceProvider extends ServiceProvider {
  override register() {
    this.app.singleton(Lost)
    this.app.scoped(PerScope)
    this.app.singleton(Captor)
  }
}`),
    )
    const { code, report, faults } = await doctor(folder)
    expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false })
    expect(faults).toMatchObject([
      { check: 'service graph', code: 'LIMBER_BINDING_NOT_FOUND' },
      { check: 'service graph', code: 'LIMBER_CAPTIVE_DEPENDENCY' },
    ])
    expect(faults[0]?.text).toContain('path  Lost → "nowhere"')
  })

  it('looks into controllers, which nobody binds', async () => {
    const folder = appFolder({
      'config/app.ts': `
import { defineApp } from 'limber'
import { HttpServiceProvider } from 'limber/http'
export default defineApp({ name: 'ill', providers: [HttpServiceProvider] })`,
      'app/http/routes.ts': `
import { inject, injectable } from 'limber'
@injectable() class ShoutController {
  constructor(@inject('shuot') readonly shout: unknown) {}
  index() {}
}
export default (router) => router.get('/', [ShoutController, 'index'])`,
    })
    const { code, faults } = await doctor(folder)
    expect(code).toBe(1)
    expect(faults).toMatchObject([{ check: 'service graph', code: 'LIMBER_BINDING_NOT_FOUND' }])
    expect(faults[0]?.text).toContain('path  ShoutController → "shuot"')
  })

  it('says that the routes cannot be read', async () => {
    const folder = appFolder({
      'config/app.ts': `
import { defineApp } from 'limber'
import { HttpServiceProvider } from 'limber/http'
export default defineApp({ name: 'ill', providers: [HttpServiceProvider] })`,
      'app/http/routes.ts': 'export default 7',
    })
    const { code, faults } = await doctor(folder)
    expect(code).toBe(1)
    expect(faults).toMatchObject([{ check: 'controllers', code: 'LIMBER_ROUTES_FILE' }])
  })

  it('goes on after a service that fails to start, and asks what is tagged as a health check', async () => {
    const folder = appFolder(
      appWith(`
class Wire {}
class Line { name = 'telephone'; async check() { throw new Error('no tone at tel://ada:s3cret@exchange') } }
class IllServiceProvider extends ServiceProvider {
  override register() {
    this.app.singleton(Wire, async () => { throw new Error('the wire is cut') })
    this.app.singleton(Line)
    this.app.tag('health', Line)
  }
}`),
    )
    const { code, faults } = await doctor(folder)
    expect(code).toBe(1)
    expect(faults).toMatchObject([
      { check: 'asynchronous services', code: 'LIMBER_SERVICE_FACTORY' },
      { check: 'telephone', text: expect.stringContaining('no tone at tel://ada:****@exchange') },
    ])
  })

  it('says what it could not check, instead of what follows from a fault it has told', async () => {
    const folder = appFolder({
      'config/app.ts': `
import { defineApp } from 'limber'
import { DatabaseServiceProvider, Model } from 'limber/database'
class Unmapped extends Model {}
export default defineApp({ name: 'ill', providers: [DatabaseServiceProvider], models: [Unmapped] })`,
      'config/database.ts': `
import { defineDatabase, fromUrl } from 'limber/database'
export default defineDatabase({ default: 'main', connections: { main: fromUrl('sqlite::memory:') } })`,
    })
    const { code, report, faults } = await doctor(folder)
    expect(code).toBe(1)
    expect(faults.map(({ check }) => check)).toEqual(['asynchronous services'])
    expect(report.checks.at(-1)).toMatchObject({
      check: 'db',
      note: 'not checked, because of the fault above',
      isSkipped: true,
    })
    const { stdout } = await runLimber(['doctor'], { cwd: folder })
    expect(stdout).toContain('skip   db: not checked, because of the fault above')
    expect(stdout).not.toContain('makeAsync')
  })
})
