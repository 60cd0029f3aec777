import { inject, injectable } from 'limber'
import type { Auth } from 'limber/auth'
import type { HttpContext } from 'limber/http'
import type { logIn } from '../validators/auth.ts'

@injectable()
export class LoginController {
  constructor(@inject('auth') private readonly auth: Auth) {}

  async store({ body: { email, password } }: HttpContext<typeof logIn>) {
    const user = await this.auth.attempt({ login: email, password })
    return { token: await this.auth.issueToken(user) }
  }
}
