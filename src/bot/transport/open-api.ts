/** @module Opens the client of the Bot API, whose errors do not hold the token. */
import type { Api } from 'grammy'
import { loadFeature } from '../../support/load-feature.ts'
import type { BotTransport } from './transport.ts'
import { withoutToken } from './without-token.ts'

/**
 * Makes the client; nothing is sent yet.
 *
 * @throws {PackageMissingError} when grammy is not installed
 */
export async function openApi(transport: BotTransport, token: string): Promise<Api> {
  const grammy = await loadFeature('grammy', 'config/bot.ts', () => import('grammy'))
  const { fetch } = transport
  const apiRoot = transport.apiRoot.replace(/\/+$/, '')
  const api = new grammy.Api(token, { apiRoot, ...(fetch && { fetch }) })
  // Whoever prints or logs the client, or an object that holds it, is not to print the token.
  Object.defineProperty(api, 'token', { value: token, enumerable: false })
  api.config.use(async (call, method, payload, signal) => {
    try {
      return await call(method, payload, signal)
    } catch (error) {
      throw withoutToken(error, token)
    }
  })
  return api
}
