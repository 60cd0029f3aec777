import { expect, it } from 'vitest'
import { commandsIn, tempFolder, write } from '../database/support/library-application.ts'

it('limber db check exits with none of its answers when it has none', async () => {
  const root = tempFolder()
  write(root, {
    'database/migrations/20260101000001_a.js': '',
    'database/migrations/manifest.json': '{',
  })
  const { exitCode, stderr } = await (await commandsIn({ root })).run('db', 'check')
  expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/LIMBER_CHECK_FAILED[\s\S]*manifest\.json/)])
})
