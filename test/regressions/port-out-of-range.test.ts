import { expect, test } from 'vitest'
import { withRoutes } from '../http/serve-routes.ts'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

const library = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { HttpServiceProvider } from 'limber/http'
    export default defineApp({ name: 'library', providers: [HttpServiceProvider] })`,
}

test.for(['99999', '-1', '1.5'])('limber serve --port=%s is a usage error', async (port) => {
  const { code, stderr } = await runLimber(['serve', `--port=${port}`], { cwd: appFolder(library) })
  expect(code).toBe(2)
  expect(stderr).toContain('[LIMBER_COMMAND_VALUE]')
  expect(stderr).toContain(`"${port}", but has to be a port from 0 to 65535`)
})

test('a configured port that is none is an error that names it', async () => {
  const { app, http } = await withRoutes(() => undefined, { http: { port: 99_999 } })
  await expect(app.run(http)).rejects.toMatchObject({
    code: 'LIMBER_INVALID_PORT',
    kind: 'invalid',
    message: '99999 is not a port: it has to be a whole number from 0 to 65535.',
  })
})
