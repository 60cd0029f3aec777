/** The module that docs/modules.md begins with, in the skeleton as it is. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { copy, emptyFolder, link, write } from '../support/app-folder.ts'
import { repository, runLimber } from '../support/run-limber.ts'

const page = readFileSync('docs/modules.md', 'utf8')
const blocks = page.matchAll(/^`(modules\/[^`\n]+)`:\n\n```\w*\n([\s\S]*?)^```$/gm)
const files = Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]))

test('the module of the first page is enabled, answers, and gets its first migration', {
  timeout: 120_000,
}, async () => {
  const root = emptyFolder()
  for (const part of ['app', 'config', 'database']) copy(part, path.join(root, part))
  write(root, { ...files, 'package.json': '{ "type": "module" }' })
  for (const name of readdirSync('node_modules').filter((name) => !/^(\.|limber$)/.test(name))) {
    link(root, name, path.join(repository, 'node_modules', name))
  }
  link(root, 'limber', repository)
  const limber = (...argv: string[]) => runLimber(argv, { cwd: root })
  expect(await limber('module', 'enable', 'greeter', '--yes')).toMatchObject({ code: 0 })
  {
    await using test = await createTestApplication({ root })
    const payload = { name: 'Ada' }
    const reply = await test.inject({ method: 'POST', url: '/greetings', payload })
    expect(reply.json()).toEqual({ text: 'Hello Ada!' })
    expect((await test.inject({ url: '/greetings' })).json()).toEqual(['Ada'])
  }
  const message = ['--message', 'create tables']
  expect(await limber('db', 'makemigrations', '--module', 'greeter', ...message)).toMatchObject({ code: 0 })
  const status = await limber('db', 'status', '--module', 'greeter', '--json')
  expect(JSON.parse(status.stdout)).toMatchObject([{ name: '1.0.0' }])
})
