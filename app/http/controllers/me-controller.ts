import { inject, injectable } from 'limber'
import type { Auth } from 'limber/auth'

@injectable()
export class MeController {
  constructor(@inject('auth') private readonly auth: Auth) {}

  show() {
    return this.auth.authorise()
  }
}
