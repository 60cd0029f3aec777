import { anyOf, apiKey, bearer } from 'limber/auth'
import { z } from 'zod'

export const logIn = {
  body: z.object({ email: z.string().max(200), password: z.string().max(4_096) }),
  response: z.object({ token: z.string() }),
  answers: [401, 429],
}

export const showMe = {
  guards: [anyOf(apiKey(), bearer())],
  response: z.object({ id: z.int(), name: z.string(), email: z.string() }).meta({ id: 'User' }),
}
