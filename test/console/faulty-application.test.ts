import { describe, expect, it } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

describe('an application that cannot start', () => {
  it('is told every missing and malformed variable at once, with the line of .env', async () => {
    const folder = appFolder({
      '.env': '# the shop\nSHOP_PORT=eighty\n',
      'config/app.ts': `
import { defineApp, env } from 'limber'
export default defineApp({ name: env.string('SHOP_NAME'), providers: [] })
`,
      'config/shop.ts': `
import { env } from 'limber'
export default { port: env.port('SHOP_PORT') }
`,
    })
    const { code, stdout, stderr } = await runLimber(['list'], { cwd: folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      [
        'EnvironmentError [LIMBER_ENVIRONMENT]: 2 environment variables are missing or malformed.',
        '  at    .env: SHOP_NAME is not set, but has to be a text that is not empty.',
        '  at    .env:2: SHOP_PORT is "eighty", but has to be a port from 0 to 65535.',
        '  hint  Set them in the environment or in the .env file at the root of the application.',
        '  help  docs/errors.md#limber_environment',
        '',
      ].join('\n'),
    )
  })

  it('is shown where its configuration does not compile', async () => {
    const folder = appFolder({ 'config/app.ts': 'export default {\n  name: = 4,\n}\n' })
    const { code, stderr } = await runLimber(['list'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('[LIMBER_CONFIG_FILE]: config/app.ts cannot be used')
    expect(stderr).toMatch(/app\.ts:2:9/)
    expect(stderr).toContain('name: = 4')
  })

  it('is told which provider failed, in which step, and why', async () => {
    const folder = appFolder({
      'config/app.ts': `
import { defineApp, ServiceProvider } from 'limber'
class LateServiceProvider extends ServiceProvider {
  override boot() { throw new Error('the baker overslept') }
}
export default defineApp({ name: 'bakery', providers: [LateServiceProvider] })
`,
    })
    const { code, stderr } = await runLimber(['list'], { cwd: folder })
    expect(code).toBe(1)
    expect(stderr).toContain('[LIMBER_PROVIDER]: LateServiceProvider failed in boot(): the baker overslept')
    expect(stderr).toContain('path  LateServiceProvider → boot()')
  })

  it('is told what failed to end, after a command that succeeded', async () => {
    const folder = appFolder({
      'config/app.ts': `
import { defineApp, ServiceProvider } from 'limber'
class Door { [Symbol.dispose]() { throw new Error('the door is stuck') } }
class DoorServiceProvider extends ServiceProvider {
  override register() { this.app.singleton(Door) }
  override boot() { this.app.make(Door) }
}
export default defineApp({ name: 'bakery', providers: [DoorServiceProvider] })
`,
    })
    const { code, stdout, stderr } = await runLimber(['list', '--json'], { cwd: folder })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toBeInstanceOf(Array)
    expect(stderr).toContain('[LIMBER_STOP]: Stopping met 1 error: the door is stuck')
  })
})
