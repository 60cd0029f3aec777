import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copy, emptyFolder, link, write } from '../support/app-folder.ts'
import { buildPackage } from '../support/built-package.ts'
import { repository, runLimber } from '../support/run-limber.ts'

const page = readFileSync('docs/new-application.md', 'utf8')
const blocks = page.matchAll(/^`([^`\n]+)`:\n\n```\w*\n([\s\S]*?)^```$/gm)
const files = Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]))

/** The skeleton with the files of the page, and everything installed that its package.json asks for. */
function newApplication(): string {
  const folder = emptyFolder()
  for (const part of ['app', 'config', 'database']) copy(part, path.join(folder, part))
  write(folder, files)
  for (const name of readdirSync('node_modules').filter((name) => !/^(\.|limber$)/.test(name))) {
    link(folder, name, path.join(repository, 'node_modules', name))
  }
  const built = buildPackage()
  onTestFinished(() => rmSync(built, { recursive: true }))
  copy(built, path.join(folder, 'node_modules/limber'))
  return folder
}

function runIn(cwd: string, file: string, ...argv: string[]): string {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  const script = path.join(cwd, 'node_modules', file)
  return execFileSync(process.execPath, [script, ...argv], { cwd, env, encoding: 'utf8' })
}

test('the files of the page make an application that compiles, is tested and runs', {
  timeout: 180_000,
}, async () => {
  const cwd = newApplication()
  expect(runIn(cwd, 'typescript/bin/tsc')).toBe('')
  expect(runIn(cwd, 'vitest/vitest.mjs', 'run')).toContain('1 passed')
  const bin = path.join(cwd, 'node_modules/limber/bin/limber.js')
  for (const argv of [['db', 'migrate'], ['db', 'seed'], ['doctor']]) {
    expect(await runLimber(argv, { cwd, bin })).toMatchObject({ code: 0 })
  }
})

test('the page asks for the versions that the framework is tested with', () => {
  const own = JSON.parse(readFileSync('package.json', 'utf8'))
  const asked = JSON.parse(files['package.json'] ?? '')
  const known = { ...own.dependencies, ...own.devDependencies, limber: `file:limber-${own.version}.tgz` }
  expect(known).toMatchObject({ ...asked.dependencies, ...asked.devDependencies })
  expect(asked.allowScripts).toEqual(own.allowScripts)
})
