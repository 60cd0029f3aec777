/** The bot that docs/bots.md begins with, in the skeleton as it is, and what the page lists. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createTestApplication, fakeBot } from 'limber/testing'
import { expect, onTestFinished, test } from 'vitest'
import { copy, emptyFolder, link, write } from '../support/app-folder.ts'
import { openBotApi } from '../support/bot-api-server.ts'
import { repository, runLimber, startLimber } from '../support/run-limber.ts'

const page = readFileSync('docs/bots.md', 'utf8')
const blocks = page.matchAll(/^`((?:config|app)\/[^`\n]+)`:\n\n```\w*\n([\s\S]*?)^```$/gm)
const files = Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]))

/** The skeleton with the provider, the files of the page, and the module that it copies. */
function skeletonWithBot(apiRoot: string): string {
  const root = emptyFolder()
  for (const part of ['app', 'config', 'database']) copy(part, path.join(root, part))
  copy('examples/modules/game-profile', path.join(root, 'modules/game-profile'))
  const app = readFileSync('config/app.ts', 'utf8')
    .replace(/^/, "import { BotServiceProvider } from 'limber/bot'\n")
    .replace('ModulesServiceProvider,\n  ]', 'BotServiceProvider, ModulesServiceProvider,\n  ]')
  const bot = files['config/bot.ts']?.replace('  token:', `  apiRoot: '${apiRoot}',\n  token:`)
  write(root, {
    ...files,
    'config/app.ts': app,
    'config/bot.ts': bot ?? '',
    'package.json': '{ "type": "module" }',
  })
  for (const name of readdirSync('node_modules').filter((name) => !/^(\.|limber$)/.test(name))) {
    link(root, name, path.join(repository, 'node_modules', name))
  }
  link(root, 'limber', repository)
  return root
}

test('the bot of the first page answers, and so does the module that it goes on with', {
  timeout: 120_000,
}, async () => {
  const server = await openBotApi()
  const options = { cwd: skeletonWithBot(server.apiRoot), env: { BOT_TOKEN: server.token } }
  expect(await runLimber(['module', 'enable', 'game-profile', '--yes'], options)).toMatchObject({ code: 0 })
  const bot = startLimber(['bot', 'run'], options)
  onTestFinished(async () => {
    bot.child.kill('SIGKILL')
    await bot.ended
  })
  await bot.wrote('Polling as @test_bot\n')
  const ada = server.make.user({ first_name: 'Ada' })
  for (const text of ['/hello', '/create_profile', '/profile']) server.write(ada, text)
  await server.until(() => server.log.texts(ada.id).length === 3)
  expect(server.log.texts(ada.id)).toEqual([
    'Hello, Ada.',
    'Done. /profile shows what you have.',
    '<b>Ada</b>, turtle egg\nLevel 0, money 0\nAttack 10, defense 20\n',
  ])
  bot.child.kill('SIGINT')
  expect(await bot.ended).toMatchObject({ code: 0 })
})

test('the bot of the first page is tested as the page says', { timeout: 60_000 }, async () => {
  await using test = await createTestApplication({ root: skeletonWithBot('http://127.0.0.1:1') })
  const bot = await fakeBot(test)
  const ada = bot.user({ name: 'Ada' })
  await ada.send('/hello')
  expect(ada.texts).toEqual(['Hello, Ada.'])
})

/** The code in the first column of the tables under a heading. */
function listedUnder(heading: string): string[] {
  const [, rest = ''] = page.split(`\n## ${heading}\n`)
  const [section = ''] = rest.split('\n## ')
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name)
}

test('the page lists every option of config/bot.ts', () => {
  const source = readFileSync('src/bot/bot-config.ts', 'utf8')
  const [, body = ''] = /interface BotConfig \{([\s\S]*?)^\}/m.exec(source) ?? []
  const options = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name = '']) => name)
  expect(options).toContain('token')
  expect(listedUnder('Every option').sort()).toEqual(options.sort())
})

test('the page lists every command of the bot', async () => {
  const root = skeletonWithBot('http://127.0.0.1:1')
  const { stdout } = await runLimber(['list', '--json'], { cwd: root })
  const names: string[] = JSON.parse(stdout).map(({ name }: { name: string }) => name)
  const commands = names.filter((name) => name.startsWith('bot '))
  const listed = listedUnder('Commands').map((usage) => usage.replace(/^limber | [<[{].*| add\\.*/g, ''))
  expect(commands.length).toBeGreaterThan(5)
  expect(listed.sort()).toEqual(commands.sort())
})
