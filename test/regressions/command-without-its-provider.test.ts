import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

const bare = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    export default defineApp({ name: 'bare', providers: [] })`,
}

test.for(['serve', 'routes'])('limber %s says which provider is missing, and its import', async (command) => {
  const { code, stderr } = await runLimber([command], { cwd: appFolder(bare) })
  expect(code).toBe(1)
  expect(stderr).toContain(
    `[LIMBER_COMMAND_PROVIDER_MISSING]: "limber ${command}" needs HttpServiceProvider, which`,
  )
  expect(stderr).toContain("import { HttpServiceProvider } from 'limber/http'")
})
