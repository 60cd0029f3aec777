import { LimberError } from 'limber'
import { describe, expect, test } from 'vitest'
import { BotWebhook, webhookUrl } from './internals.ts'

const config = { url: 'https://bot.example.com', secret: 'the-secret_1' }
const HEADER = 'x-telegram-bot-api-secret-token'

function openWebhook(handle: (update: unknown) => Promise<unknown> = async () => undefined) {
  const taken: unknown[] = []
  const webhook = new BotWebhook(config, {
    handle: (update) => {
      taken.push(update)
      return handle(update)
    },
  })
  return { webhook, taken }
}

function codeThrownBy(run: () => void): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof LimberError ? `${error.code} ${error.kind}` : String(error)
  }
}

describe('what is posted', () => {
  test('is let in with the secret, and only with it', () => {
    const { webhook } = openWebhook()
    const admit = (value?: string) => codeThrownBy(() => webhook.admit({ [HEADER]: value }))
    expect(admit(config.secret)).toBeUndefined()
    for (const wrong of [undefined, '', 'the-secret_2', 'the-secret_', `${config.secret} `, 'THE-SECRET_1'])
      expect(admit(wrong)).toBe('LIMBER_WEBHOOK_SECRET unauthenticated')
  })

  test('is refused with words that hold no secret', () => {
    const { webhook } = openWebhook()
    const refusal = (value?: string) => {
      try {
        webhook.admit({ [HEADER]: value })
        return ''
      } catch (error) {
        return error instanceof LimberError ? `${error.message} ${error.hint} ${error.publicMessage}` : ''
      }
    }
    expect(refusal()).toContain('no secret')
    expect(refusal('their-own')).toContain('not that of config/bot.ts')
    expect(refusal('their-own')).not.toContain('their-own')
    expect(refusal('their-own')).not.toContain(config.secret)
  })

  test('is handled as it was sent; what is not JSON is not', async () => {
    const { webhook, taken } = openWebhook()
    await webhook.take('{"update_id":1,"message":{"text":"hello"}}')
    expect(taken).toEqual([{ update_id: 1, message: { text: 'hello' } }])
    for (const body of ['', '{', 'update_id=1', '\u0000'])
      await expect(webhook.take(body)).rejects.toMatchObject({
        code: 'LIMBER_WEBHOOK_BODY',
        kind: 'malformed',
      })
    expect(taken).toHaveLength(1)
  })

  test('has the fault of the bot when it should come again', async () => {
    const away = new Error('The database is away.')
    const { webhook } = openWebhook(() => Promise.reject(away))
    await expect(webhook.take('{"update_id":1}')).rejects.toBe(away)
  })
})

test('it is found where config/bot.ts says', () => {
  expect(openWebhook().webhook).toMatchObject({ path: '/bot/updates', bodyLimit: 2 ** 20 })
  expect(webhookUrl(config)).toBe('https://bot.example.com/bot/updates')
  expect(webhookUrl({ ...config, url: 'https://example.com/shop/', path: '/hook' })).toBe(
    'https://example.com/shop/hook',
  )
})
