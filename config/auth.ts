import { env } from 'limber'
import { defineAuth } from 'limber/auth'
import { modelApiKeys, modelUsers } from 'limber/database'

/** Every option stands in docs/auth.md. */
export default defineAuth({
  users: modelUsers({
    model: () => import('../app/models/user.ts'),
    login: 'email',
    password: 'passwordHash',
  }),
  apiKeys: modelApiKeys({ model: () => import('../app/models/api-key.ts') }),
  jwt: {
    issuer: env.string('APP_URL', 'http://localhost:3000'),
    audience: env.string('APP_NAME', 'limber'),
    // In development it is made for you; see docs/auth.md for how to replace it.
    keys: [{ kid: 'app', algorithm: 'HS256', secret: env.secret('APP_SECRET') }],
  },
})
