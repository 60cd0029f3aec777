import { inject, injectable } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import type { Session } from 'limber/database'
import { UserGameProfile } from '../models/user-game-profile.ts'

/** Gives a user a profile, once. */
@injectable()
export class CreateProfile extends MessageHandler {
  static commands = ['create_profile']
  static description = 'Create your profile'

  constructor(@inject('db.session.game-profile') private readonly session: Session) {
    super()
  }

  async handle(message: IncomingMessage) {
    if (!message.from) return
    const id = String(message.from.id)
    if (await this.session.findOne(UserGameProfile, id)) return message.reply(message.translate('there'))
    this.session.create(UserGameProfile, { id })
    message.reply(message.translate('done'))
  }
}

/** Shows the profile of a user. */
@injectable()
export class Profile extends MessageHandler {
  static commands = ['profile']
  static description = 'Show your profile'

  constructor(@inject('db.session.game-profile') private readonly session: Session) {
    super()
  }

  async handle(message: IncomingMessage) {
    if (!message.from) return
    const profile = await this.session.findOne(UserGameProfile, String(message.from.id))
    if (!profile) return message.reply(message.translate('missing'))
    const text = await message.render('profile', { name: message.from.first_name, profile })
    message.reply(text, { parse_mode: 'HTML' })
  }
}
