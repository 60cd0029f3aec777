/** @module Lets an update pass to its handler, or not: roles first, then the limit of the handler. */
import type { Update } from 'grammy/types'
import type { Application } from '../../application/application.ts'
import type { HandlerLimit } from '../handlers/handler-options.ts'
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { BotAccess } from './bot-access.ts'
import { ChatAdmins } from './chat-admins.ts'
import { checkHandler, rolesOf } from './check-access.ts'
import { BotForbiddenError, BotLimitError } from './errors.ts'
import { countedChat, countedSender, type Sender, senderOf } from './sender.ts'

export class Admission {
  readonly #app: Application
  readonly #access: BotAccess
  readonly #admins: ChatAdmins
  /** Those that count already: a unit of work that others get in the way of is begun again. */
  readonly #counted = new WeakSet<Update>()

  constructor(app: Application, access: BotAccess) {
    this.#app = app
    this.#access = access
    this.#admins = new ChatAdmins(app.make('clock'))
  }

  /**
   * Looks at handlers before the first update.
   *
   * @throws {UnknownRoleError} @throws {InvalidRuleError} @throws {BotLimiterMissingError}
   */
  check(handlers: readonly RegisteredHandler[]): void {
    for (const handler of handlers) checkHandler(handler, this.#access.roles, this.#app.has('limiter'))
  }

  /**
   * Called in the unit of work of the update. What is refused for its role does not count towards the limit.
   *
   * @throws {BotForbiddenError} @throws {BotLimitError}
   * @throws {ChatMemberUnknownError} when it depends on the Bot API, which is away
   */
  async admit(handler: RegisteredHandler, incoming: IncomingUpdate): Promise<void> {
    const sender = senderOf(incoming.update)
    for (const roles of await this.#rolesFor(handler)) {
      if (!(await this.#hasOneOf(roles, sender, incoming))) throw new BotForbiddenError(handler.name, roles)
    }
    if (handler.options.limit && !this.#counted.has(incoming.update))
      await this.#count(handler, handler.options.limit, sender, incoming)
  }

  /**
   * Several sets of roles, one of each of which is needed. They follow from the commands that the handler has, not from how one
   * of them is written in the message: no spelling leads around a rule, and neither does another command of the same handler.
   */
  async #rolesFor({ options, under = [], besides }: RegisteredHandler): Promise<(readonly string[])[]> {
    const commands = [...(options.commands ?? []), ...under]
    const rules = await Promise.all(commands.map((name) => this.#access.ruleOf(name.toLowerCase())))
    const found = rules.filter((rule) => rule !== undefined)
    if (found.length === 0) return [rolesOf(options)]
    return besides ? [...found, besides] : found
  }

  async #hasOneOf(roles: readonly string[], sender: Sender, { api }: IncomingUpdate): Promise<boolean> {
    const { user, chat, inNameOf } = sender
    if (roles.includes('all') || (user !== undefined && this.#access.roles.isOwner(user))) return true
    const asksAdmin = roles.includes('chat_admins')
    if (!asksAdmin && !roles.includes('chat_owner')) return this.#isMemberOfOne(roles, user)
    // Whoever may speak in the name of a chat, in that chat, administers it. Who of them it is, nobody learns.
    if (asksAdmin && chat && inNameOf === chat.id) return true
    if (await this.#isMemberOfOne(roles, user)) return true
    if (user === undefined || !chat) return false
    if (chat.type === 'private') return chat.id === user
    const rank = await this.#admins.rankOf(api, chat.id, user)
    return rank === 'owner' || (asksAdmin && rank === 'admin')
  }

  async #isMemberOfOne(roles: readonly string[], user: number | undefined): Promise<boolean> {
    if (user === undefined) return false
    for (const role of roles) if (await this.#access.isMember(user, role)) return true
    return false
  }

  async #count(
    handler: RegisteredHandler,
    limit: HandlerLimit,
    sender: Sender,
    { me, update }: IncomingUpdate,
  ): Promise<void> {
    const { max, window, per = 'user' } = limit
    const counted = (per === 'chat' ? countedChat(sender) : undefined) ?? countedSender(sender) ?? 'nobody'
    const key = `bot ${me.id} ${handler.module ?? ''} ${handler.name} ${max}/${window} ${counted}`
    const state = await this.#app.make('limiter').hit(key, { max, window })
    if (!state.isExceeded) {
      this.#counted.add(update)
      return
    }
    const retryAfter = Math.max(0, state.resetAt - this.#app.make('clock').now())
    throw new BotLimitError(handler.name, max, retryAfter)
  }
}
