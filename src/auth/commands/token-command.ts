/** @module limber auth token: issues a JSON Web Token, and prints it. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { authToken } from './definitions.ts'
import { findUser } from './find-user.ts'

@injectable()
export class TokenCommand implements Command<typeof authToken> {
  static readonly definition = authToken

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options: { user: login, expires, json } }: CommandInput<typeof authToken>): Promise<void> {
    const user = await findUser(this.app, authToken.name, login)
    const options = expires === undefined ? {} : { expiresIn: expires }
    const token = await this.app.make('auth').issueToken(user, options)
    if (json) this.output.json({ token, user: login })
    else this.output.line(token)
  }
}
