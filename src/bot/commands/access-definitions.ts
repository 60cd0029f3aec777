/** @module What the commands for access are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag, integer, oneOf, type Parameter, text } from '../../console/define-command.ts'
import { provider } from './definitions.ts'

const command = text('the command of the bot: ban', { required: true })
const dryRun = flag('change nothing, and say what would be changed')

/** A list that has to be there; `texts` is for options, which may be left out. */
const roles: Parameter<readonly string[]> = {
  description: 'who may use it: one role, or several with commas between',
  expected: 'a role, or several with commas between',
  required: true,
  default: undefined,
  short: undefined,
  parse: (written) => {
    const names = written.split(',').map((name) => name.trim())
    return names.every((name) => name !== '') ? names : undefined
  },
}

export const botAllow = defineCommand({
  name: 'bot allow',
  description: 'Let those with certain roles use a command of the bot, and nobody else but its owners.',
  arguments: { command, roles },
  options: { dryRun },
  provider,
})

export const botForget = defineCommand({
  name: 'bot forget',
  description: 'Forget the rule of a command: what its handler says holds again.',
  arguments: { command },
  options: { dryRun },
  provider,
})

export const botRules = defineCommand({
  name: 'bot rules',
  description: 'List the rules of commands, and who has roles.',
  options: { json: flag('as JSON') },
  provider,
})

export const botRole = defineCommand({
  name: 'bot role',
  description: 'Give a user a role, or take it away.',
  arguments: {
    action: oneOf('add or remove', ['add', 'remove'], { required: true }),
    role: text('a role from roles of config/bot.ts', { required: true }),
    user: integer('the id of the user', { required: true }),
  },
  options: { dryRun },
  provider,
})
