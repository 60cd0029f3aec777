/** @module The folder of an application with a small bot. */
import { appFolder } from '../../support/app-folder.ts'
import type { BotApiServer } from '../../support/bot-api-server.ts'

const files = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { BotServiceProvider } from 'limber/bot'
    export default defineApp({ name: 'game', providers: [BotServiceProvider] })`,
  'config/bot.ts': `
    import { env } from 'limber'
    import { defineBot } from 'limber/bot'
    const url = env.string('BOT_URL', '')
    export default defineBot({
      token: env.string('BOT_TOKEN', ''),
      apiRoot: env.string('BOT_API', 'http://127.0.0.1:1'),
      flood: false,
      publishCommands: false,
      owners: [7],
      drainTimeout: env.integer('BOT_DRAIN', 10_000),
      handlers: [() => import('../app/handlers.ts')],
      ...(url !== '' && { webhook: { url, secret: env.string('BOT_SECRET', '') } }),
    })`,
  'app/handlers.ts': `
    import { CallbackQueryHandler, MessageHandler } from 'limber/bot'
    export class Profile extends MessageHandler {
      static commands = ['profile', 'me']
      static description = 'Shows your profile'
      async handle(message) { message.reply('You are ' + message.from.first_name) }
    }
    export class Ban extends MessageHandler {
      static commands = ['ban']
      static allowedFor = 'owner'
      handle(message) { message.reply('Banned.') }
    }
    export class Named extends MessageHandler {
      static state = ['name', 'address']
      handle() {}
    }
    export class Buy extends CallbackQueryHandler {
      static data = /^buy:/
      handle() {}
    }`,
}

export function botFolder(more: Readonly<Record<string, string>> = {}): string {
  return appFolder({ ...files, ...more })
}

export const WEBHOOK = { url: 'https://bot.example.com', secret: 'the-secret-of-the-webhook' }

/** What the folder reads from the environment. */
export function botEnvironment(server: BotApiServer, { isPosted = false } = {}): NodeJS.ProcessEnv {
  const { token, apiRoot } = server
  const posted = { BOT_URL: WEBHOOK.url, BOT_SECRET: WEBHOOK.secret }
  return { BOT_TOKEN: token, BOT_API: apiRoot, ...(isPosted && posted) }
}
