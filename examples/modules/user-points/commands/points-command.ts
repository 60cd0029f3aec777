import { inject, injectable } from 'limber'
import { type Command, type CommandInput, defineCommand, integer, Output } from 'limber/console'
import type { Session } from 'limber/database'
import { UserProfile } from '../models/user-profile.ts'

const definition = defineCommand({
  name: 'points',
  description: 'Say how many points a user has.',
  arguments: { user: integer('the number of the user', { required: true }) },
})

@injectable()
export class PointsCommand implements Command<typeof definition> {
  static readonly definition = definition

  constructor(
    @inject('db.session.user-points') private readonly session: Session,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args }: CommandInput<typeof definition>) {
    const profile = await this.session.findOne(UserProfile, args.user)
    this.output.line(String(profile?.points ?? 0))
  }
}
