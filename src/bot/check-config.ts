/** @module What `config/bot.ts` says that cannot be. Secrets are never shown. */
import type { Fault } from '../errors/limber-error.ts'
import { canonicalLanguage } from '../strings/language.ts'
import { faultsOfAccess } from './access/check-access.ts'
import { BOT_DEFAULTS, type BotConfig, type WebhookConfig } from './bot-config.ts'
import { InvalidBotConfigError } from './errors.ts'

const TOKEN = /^\d+:[\w-]{30,}$/
const SECRET = /^[\w-]{1,256}$/
/** What browsers and proxies leave as it is. */
const PATH = /^(\/[\w.~-]+)+$/

/** @throws {InvalidBotConfigError} with every fault */
export function checkConfig(config: BotConfig): void {
  const faults = faultsOf(config)
  if (faults.length > 0) throw new InvalidBotConfigError(faults)
}

export function faultsOf(config: BotConfig): Fault[] {
  return [...faultsOfToken(config.token), ...faultsBesidesToken(config)]
}

/**
 * Lets an empty token pass: commands that have nothing to do with the bot work without it.
 *
 * @throws {InvalidBotConfigError} with every fault
 */
export function checkConfigAtBoot(config: BotConfig): void {
  const faults = config.token === '' ? faultsBesidesToken(config) : faultsOf(config)
  if (faults.length > 0) throw new InvalidBotConfigError(faults)
}

function faultsOfToken(token: string): Fault[] {
  if (typeof token === 'string' && TOKEN.test(token)) return []
  const reason = token === '' ? 'It is empty.' : 'It is no token, as 123456:ABC… is one.'
  return [{ path: 'token', message: `${reason} Give the one that BotFather shows, as BOT_TOKEN.` }]
}

function faultsBesidesToken(config: BotConfig): Fault[] {
  const { apiRoot, language, webhook } = config
  return [
    ...(apiRoot === undefined || isUrl(apiRoot, ['http:', 'https:'])
      ? []
      : [
          {
            path: 'apiRoot',
            message: 'It is no URL. Give one such as http://127.0.0.1:8081, or leave it out.',
          },
        ]),
    ...faultsOfAccess(config),
    ...faultsOfNumbers(config),
    ...(language === undefined || canonicalLanguage(language) !== undefined
      ? []
      : [{ path: 'language', message: `"${language}" is no language. Give one such as en or pt-BR.` }]),
    ...(webhook ? faultsOfWebhook(webhook) : []),
  ]
}

function faultsOfNumbers({ concurrency = 1, replyFor = 0, drainTimeout = 0 }: BotConfig): Fault[] {
  const isCount = Number.isSafeInteger(concurrency) && concurrency >= 1
  const message = `${concurrency} is no whole number from 1 on.`
  const times = Object.entries({ replyFor, drainTimeout }).flatMap(([path, value]) => {
    if (Number.isFinite(value) && value >= 0) return []
    return [{ path, message: `${value} is no time. Give milliseconds from 0 on, or leave it out.` }]
  })
  return [...(isCount ? [] : [{ path: 'concurrency', message }]), ...times]
}

function faultsOfWebhook({ url, path = BOT_DEFAULTS.webhookPath, secret }: WebhookConfig): Fault[] {
  const faults: Fault[] = []
  if (!isUrl(url, ['https:'])) {
    const message = 'It is no URL that begins with https://, which is all that the Bot API posts to.'
    faults.push({ path: 'webhook.url', message })
  }
  if (!PATH.test(path)) {
    const message = `"${path}" is no path of letters, digits, ".", "_", "~" and "-" that begins with a slash.`
    faults.push({ path: 'webhook.path', message })
  }
  if (typeof secret !== 'string' || !SECRET.test(secret)) {
    const advice = 'Make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"'
    const message = `It is not 1 to 256 letters, digits, "_" and "-". ${advice}, and read it from the environment.`
    faults.push({ path: 'webhook.secret', message })
  }
  return faults
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}
