import { expect, onTestFinished, test } from 'vitest'
import { type BotApiServer, openBotApi } from '../../support/bot-api-server.ts'
import { startLimber } from '../../support/run-limber.ts'
import { botEnvironment, botFolder } from './bot-folder.ts'

/** The process of a bot that polls. */
async function startBot(more: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}) {
  const server = await openBotApi()
  const all = { ...botEnvironment(server), ...env }
  const limber = startLimber(['bot', 'run'], { cwd: botFolder(more), env: all })
  onTestFinished(async () => {
    limber.child.kill('SIGKILL')
    await limber.ended
  })
  await limber.wrote('Polling as @test_bot\n')
  return { server, limber, end: endOf(server, limber.ended) }
}

async function endOf(
  server: BotApiServer,
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>,
) {
  const { code, stdout, stderr } = await ended
  expect(stdout + stderr).not.toContain(server.token.slice(server.token.indexOf(':') + 1))
  return { code, stdout, stderr }
}

test('limber bot run answers until it is told to stop, and confirms what it handled', async () => {
  const { server, limber, end } = await startBot()
  const [ada, emma] = [server.make.user({ first_name: 'Ada' }), server.make.user({ first_name: 'Emma' })]
  for (const user of [ada, emma, ada]) server.write(user, '/profile')
  await server.until(() => server.log.of('sendMessage').length === 3)
  limber.child.kill('SIGTERM')
  expect(await end).toEqual({ code: 0, stdout: 'Polling as @test_bot\n', stderr: '' })
  expect(server.log.texts(ada.id)).toEqual(['You are Ada', 'You are Ada'])
  expect(server.log.texts(emma.id)).toEqual(['You are Emma'])
  expect(server.waiting).toEqual([])
})

test('a token that is revoked ends it with exit code 1, and says why', async () => {
  const { server, end } = await startBot()
  server.fail('getUpdates', { code: 401, description: 'Unauthorized' })
  server.write(server.make.user(), 'ends the poll that is waiting')
  const { code, stderr } = await end
  expect(code).toBe(1)
  expect(stderr).toContain('LIMBER_BOT_TOKEN')
})

test('an error that nobody handled ends it with exit code 1, after what is being handled', async () => {
  const { server, end } = await startBot({
    'app/handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      export class Careless extends MessageHandler {
        static commands = ['profile']
        async handle(message) {
          Promise.reject(new Error('Nobody waits for this.'))
          await new Promise(setImmediate)
          message.reply('All the same.')
        }
      }`,
  })
  const user = server.make.user()
  server.write(user, '/profile')
  const { code, stderr } = await end
  expect(code).toBe(1)
  expect(stderr).toContain('Nobody waits for this.')
  expect(server.log.texts(user.id)).toEqual(['All the same.'])
})

test('a handler that never ends does not keep it from stopping, and its update comes again', async () => {
  const hanging = `
    import { MessageHandler } from 'limber/bot'
    export class Hanging extends MessageHandler {
      static commands = ['profile']
      async handle(message) {
        await message.api.sendMessage(message.chat.id, 'Begun')
        await new Promise(() => {})
      }
    }`
  const { server, limber, end } = await startBot({ 'app/handlers.ts': hanging }, { BOT_DRAIN: '50' })
  const { update_id } = server.write(server.make.user(), '/profile')
  await server.until(() => server.log.of('sendMessage').length === 1)
  limber.child.kill('SIGTERM')
  await end
  expect(server.waiting).toEqual([update_id])
})
