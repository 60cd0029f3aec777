/** @module What the commands of the bot are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag } from '../../console/define-command.ts'

export const provider = { name: 'BotServiceProvider', from: 'limber/bot' }
const json = flag('as JSON')
const dryRun = flag('only say what would be done')
const dropPending = flag('have the Bot API forget the updates that wait')

export const botRun = defineCommand({
  name: 'bot run',
  description: 'Ask the Bot API for updates and handle them, until somebody wants it to stop.',
  needs: ['bot.api'],
  provider,
})

export const botInfo = defineCommand({
  name: 'bot info',
  description: 'Say which bot this is, how its updates come, and what it handles.',
  options: { json },
  needs: ['bot.api'],
  provider,
})

export const botHandlers = defineCommand({
  name: 'bot handlers',
  description: 'List the handlers, in the order in which they are asked.',
  options: { json },
  needs: ['bot'],
  provider,
})

export const webhookSet = defineCommand({
  name: 'bot webhook set',
  description: 'Have the Bot API post updates to the webhook of config/bot.ts.',
  options: { dropPending, dryRun },
  needs: ['bot.api'],
  provider,
})

export const webhookDelete = defineCommand({
  name: 'bot webhook delete',
  description: 'Have the Bot API post updates no more; they wait until somebody asks for them.',
  options: { dropPending, dryRun },
  needs: ['bot.api'],
  provider,
})

export const webhookInfo = defineCommand({
  name: 'bot webhook info',
  description: 'Say where the Bot API posts updates, how many wait, and what went wrong last.',
  options: { json },
  needs: ['bot.api'],
  provider,
})
