/** @module What can be wrong with the configuration of tokens. */
import type { Fault } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { JwksConfig, JwtConfig } from './jwt-config.ts'
import { readKey } from './signing-key.ts'

const PAIRS = /^([RPE]S(256|384|512)|EdDSA)$/

export function faultsOfJwt(config: JwtConfig): Fault[] {
  const { issuer, audience, keys = [], jwks } = config
  const faults: Fault[] = []
  const add = (path: string, message: string) => faults.push({ path: `jwt.${path}`, message })
  if (!isText(issuer)) add('issuer', 'It is missing: who issues the tokens. Give a URL or a name.')
  if (!isText(audience)) add('audience', 'It is missing: whom the tokens are for. Give a URL or a name.')
  if (keys.length === 0 && !jwks) add('keys', 'There is no key. Add { kid, algorithm, secret }, or jwks.')
  for (const [index, key] of keys.entries()) {
    if (!isText(key.kid)) add(`keys.${index}.kid`, 'It is missing: a text that names the key.')
    else if (keys.findIndex(({ kid }) => kid === key.kid) < index)
      add(`keys.${index}.kid`, `"${key.kid}" is the name of another key. Give each a name of its own.`)
    const read = readKey(key)
    if (typeof read === 'string') add(`keys.${index}`, `The key cannot be used: ${read}`)
  }
  for (const option of ['expiresIn', 'clockTolerance', 'maxAge'] as const) {
    const value = config[option]
    const least = option === 'clockTolerance' ? 0 : 1
    const isFine = value === undefined || (Number.isFinite(value) && value >= least)
    if (!isFine) add(option, `${value} is no time from ${least} on. Give milliseconds, or leave it out.`)
  }
  return jwks ? [...faults, ...faultsOfJwks(jwks)] : faults
}

function faultsOfJwks({ url, algorithms }: JwksConfig): Fault[] {
  const faults: Fault[] = []
  if (!isSafe(url)) {
    const message = `"${maskSecrets(String(url))}" is no URL with https, which keeps others from putting their keys in the place of these.`
    faults.push({ path: 'jwt.jwks.url', message })
  } else if (hasCredentials(url)) {
    const message = 'It has a user or a password in it, with which nothing is fetched. Leave them out.'
    faults.push({ path: 'jwt.jwks.url', message })
  }
  const strange = (algorithms ?? []).filter((algorithm) => !PAIRS.test(algorithm))
  if (strange.length > 0 || !algorithms?.length) {
    const message = `It is [${(algorithms ?? []).join(', ')}], but has to name algorithms with a public key, as ['RS256'].`
    faults.push({ path: 'jwt.jwks.algorithms', message })
  }
  return faults
}

function isSafe(url: string): boolean {
  const parsed = URL.parse(url)
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed?.hostname ?? '')
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isHere)
}

function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
