/** @module What configuration and handlers say of access that cannot be. */
import type { Application } from '../../application/application.ts'
import type { RateLimit } from '../../application/ports/rate-limiter.ts'
import type { Fault } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { suggest } from '../../support/suggest.ts'
import { isTimeSpan, TIME_SPAN } from '../../support/time-span.ts'
import type { BotConfig } from '../bot-config.ts'
import type { HandlerOptions } from '../handlers/handler-options.ts'
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import { commandName } from './command-name.ts'
import { BotLimiterMissingError, InvalidRuleError } from './errors.ts'
import { BUILT_IN_ROLES, ROLE_NAME, Roles } from './roles.ts'

/** Called when every provider has registered. @throws {BotLimiterMissingError} */
export function requireLimiter(app: Application): void {
  if (app.config.get('bot').flood !== false && !app.has('limiter'))
    throw new BotLimiterMissingError('flood of config/bot.ts')
}

/** @throws {UnknownRoleError} @throws {InvalidRuleError} @throws {BotLimiterMissingError} */
export function checkHandler({ name, options }: RegisteredHandler, roles: Roles, hasLimiter: boolean): void {
  roles.check(rolesOf(options), `allowedFor of ${name}`)
  if (!options.limit) return
  const [fault] = faultsOfLimit('limit', options.limit)
  if (fault) throw new InvalidRuleError(`${name} has a ${fault.path} that cannot be.`, fault.message)
  if (!hasLimiter) throw new BotLimiterMissingError(name)
}

/** The roles that a handler asks for itself. */
export function rolesOf({ allowedFor = 'all' }: HandlerOptions): readonly string[] {
  return typeof allowedFor === 'string' ? [allowedFor] : allowedFor
}

/** What `owners`, `roles`, `rules` and `flood` of `config/bot.ts` say that cannot be. */
export function faultsOfAccess(config: BotConfig): Fault[] {
  const { owners = [], roles = {}, flood } = config
  return [
    ...faultsOfUsers('owners', owners),
    ...Object.entries(roles).flatMap(([name, users]) => faultsOfRole(name, users)),
    ...faultsOfRules(config),
    ...(flood ? faultsOfLimit('flood', flood) : []),
  ]
}

function faultsOfRole(name: string, users: readonly number[]): Fault[] {
  const path = `roles.${name}`
  if (BUILT_IN_ROLES.includes(name))
    return [{ path, message: 'there is such a role already. Give it another name.' }]
  if (!ROLE_NAME.test(name))
    return [{ path, message: 'a role has up to 32 letters of the alphabet, digits, "_" and "-".' }]
  return faultsOfUsers(path, users)
}

function faultsOfUsers(path: string, users: readonly number[]): Fault[] {
  if (!Array.isArray(users)) return [{ path, message: 'it is no list. Give the ids of users.' }]
  const wrong = users.filter((user) => !Number.isSafeInteger(user) || user <= 0)
  return wrong.map((user) => ({
    path,
    message: `${String(user)} is no id of a user: a whole number above zero.`,
  }))
}

function faultsOfRules(config: BotConfig): Fault[] {
  const known = new Roles(config)
  const names = new Set<string>()
  return Object.entries(config.rules ?? {}).flatMap(([command, roles]) => {
    const path = `rules.${command}`
    if (!Array.isArray(roles) || roles.length === 0)
      return [{ path, message: 'it names no role. Give a list: owner alone closes it to all others.' }]
    const fault = faultOfCommand(command, names)
    const unknown = roles.filter((role) => !known.has(role))
    return [
      ...(fault ? [{ path, message: fault }] : []),
      ...unknown.map((role) => ({ path, message: noRole(role, known) })),
    ]
  })
}

function faultOfCommand(command: string, names: Set<string>): string | undefined {
  try {
    const name = commandName(command)
    if (names.has(name)) return `there is another rule for "${name}".`
    names.add(name)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function noRole(role: string, known: Roles): string {
  const near = suggest(String(role), known.names)
  return `there is no role "${role}". ${near ? `Did you mean "${near}"?` : `There is ${known.names.join(', ')}.`}`
}

function faultsOfLimit(path: string, { max, window }: RateLimit): Fault[] {
  const faults: Fault[] = []
  if (!Number.isSafeInteger(max) || max < 1)
    faults.push({ path: `${path}.max`, message: `${String(max)} is no whole number above zero.` })
  if (!isTimeSpan(window))
    faults.push({ path: `${path}.window`, message: `${String(window)} is not ${TIME_SPAN}.` })
  return faults
}
