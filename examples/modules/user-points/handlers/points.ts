import { inject, injectable } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import type { Session } from 'limber/database'
import { UserProfile } from '../models/user-profile.ts'

/** Far below what the column holds. */
const MOST_AT_ONCE = 1_000_000

/** Says how many points a user has. */
@injectable()
export class Points extends MessageHandler {
  static commands = ['points']
  static description = 'Show your points'

  constructor(@inject('db.session.user-points') private readonly session: Session) {
    super()
  }

  async handle(message: IncomingMessage) {
    const profile = message.from && (await this.session.findOne(UserProfile, message.from.id))
    message.reply(message.translate('points', { count: profile?.points ?? 0 }))
  }
}

/** Gives whoever owns the bot more points, in the session of the update: they are there when the answer is. */
@injectable()
export class AddPoints extends MessageHandler {
  static commands = ['add_points']
  static allowedFor = ['owner']

  constructor(@inject('db.session.user-points') private readonly session: Session) {
    super()
  }

  async handle(message: IncomingMessage) {
    const { from, command } = message
    const points = Number(command?.args)
    if (!from || !Number.isInteger(points) || points < 1 || points > MOST_AT_ONCE)
      return message.reply(message.translate('how-many'))
    const known = await this.session.findOne(UserProfile, from.id)
    const profile =
      known ??
      this.session.create(UserProfile, { userId: from.id, displayName: from.first_name.slice(0, 100) })
    profile.points += points
    message.reply(message.translate('points', { count: profile.points }))
  }
}
