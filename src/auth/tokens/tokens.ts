/** @module Issues and checks tokens: JSON Web Tokens, by jose, which is loaded when the first one is met. */
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, RemoteJWKSet } from 'jose'
import type { Clock } from '../../application/ports/clock.ts'
import { BadToken } from './bad-token.ts'
import { TokenKeysUnavailableError, TokenNotIssuedError } from './errors.ts'
import { loadJose } from './jose.ts'
import type { JwksConfig, JwtConfig } from './jwt-config.ts'
import { readKey, type SigningKey } from './signing-key.ts'

type Jose = typeof import('jose')

export interface TokenOptions {
  /** How long it is good for, in milliseconds; default: what the configuration says. */
  readonly expiresIn?: number
  /** What the token says besides; a name that JWT itself uses is refused. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What a token says that was checked. */
export type TokenClaims = Readonly<Record<string, unknown>> & { readonly sub: string }

const HOUR = 3_600_000
/** Headers of requests hold little more. */
const LONGEST = 8_192
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const RESERVED = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']

export class Tokens {
  readonly #config: JwtConfig
  readonly #clock: () => Clock
  readonly #keys: readonly SigningKey[]
  #remote: RemoteJWKSet | undefined

  /** @param clock asked for each token, since a test may put another one in its place */
  constructor(config: JwtConfig, clock: () => Clock) {
    this.#config = config
    this.#clock = clock
    // Those that cannot be read were refused at boot.
    this.#keys = (config.keys ?? []).map(readKey).filter((key) => typeof key !== 'string')
  }

  /** @throws {TokenNotIssuedError} */
  async issue(subject: string, { expiresIn, claims = {} }: TokenOptions = {}): Promise<string> {
    const key = this.#keys[0]
    if (!key?.sign) {
      const hint = 'Put a key with a secret or a privateKey first in jwt.keys of config/auth.ts.'
      throw new TokenNotIssuedError('the first key cannot sign', hint)
    }
    const lifetime = expiresIn ?? this.#config.expiresIn ?? HOUR
    refuseStrange(lifetime, claims)
    const { SignJWT } = await loadJose()
    const now = Math.floor(this.#clock().now() / 1_000)
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT' })
      .setIssuer(this.#config.issuer)
      .setAudience(this.#config.audience)
      .setSubject(subject)
      .setIssuedAt(now)
      .setExpirationTime(now + Math.ceil(lifetime / 1_000))
      .sign(key.sign)
  }

  /** @throws {BadToken} @throws {TokenKeysUnavailableError} */
  async verify(token: string): Promise<TokenClaims> {
    if (token.length > LONGEST || !FORM.test(token)) throw new BadToken('is none')
    const jose = await loadJose()
    try {
      const payload = await this.#payloadOf(token, jose)
      // Required below to be there, and to be a text.
      return payload as TokenClaims
    } catch (error) {
      throw error instanceof jose.errors.JOSEError ? new BadToken(reasonOf(error, jose), error) : error
    }
  }

  async #payloadOf(token: string, jose: Jose): Promise<JWTPayload> {
    const { kid } = headerOf(token, jose)
    const own = this.#keyFor(kid)
    const { jwks } = this.#config
    const payload = own
      ? (await jose.jwtVerify(token, own.verify, this.#optionsFor([own.algorithm]))).payload
      : jwks && kid !== undefined
        ? await this.#verifyRemotely(token, jwks, jose)
        : undefined
    if (!payload) throw new BadToken('was signed with a key that is not known here')
    if (typeof payload.sub !== 'string' || payload.sub === '') throw new BadToken('does not say whose it is')
    return payload
  }

  /** A token without the name of its key is checked only where there is no choice. */
  #keyFor(kid: string | undefined): SigningKey | undefined {
    if (kid === undefined) return this.#keys.length === 1 && !this.#config.jwks ? this.#keys[0] : undefined
    return this.#keys.find((key) => key.kid === kid)
  }

  async #verifyRemotely(token: string, { url, algorithms }: JwksConfig, jose: Jose): Promise<JWTPayload> {
    this.#remote ??= jose.createRemoteJWKSet(new URL(url))
    const remote = this.#remote
    const find: JWTVerifyGetKey = async (header, input) => {
      try {
        return await remote(header, input)
      } catch (error) {
        const isUnknown =
          error instanceof jose.errors.JWKSNoMatchingKey ||
          error instanceof jose.errors.JWKSMultipleMatchingKeys
        throw isUnknown ? error : new TokenKeysUnavailableError(url, error)
      }
    }
    return (await jose.jwtVerify(token, find, this.#optionsFor(algorithms))).payload
  }

  /** The algorithms are those of the key, whatever the token says. */
  #optionsFor(algorithms: readonly string[]): JWTVerifyOptions {
    const { issuer, audience, clockTolerance = 0, maxAge } = this.#config
    return {
      algorithms: [...algorithms],
      issuer,
      audience,
      clockTolerance: clockTolerance / 1_000,
      currentDate: new Date(this.#clock().now()),
      requiredClaims: ['exp', 'sub'],
      ...(maxAge !== undefined && { maxTokenAge: maxAge / 1_000 }),
    }
  }
}

function headerOf(token: string, jose: Jose): { readonly kid?: string | undefined } {
  let kid: unknown
  try {
    kid = jose.decodeProtectedHeader(token).kid
  } catch (error) {
    throw new BadToken('is none', error)
  }
  if (kid !== undefined && typeof kid !== 'string') throw new BadToken('is none')
  return { kid }
}

function reasonOf(error: Error, { errors }: Jose): string {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'is too old' : 'has expired'
  if (!(error instanceof errors.JWTClaimValidationFailed))
    return 'is not one that was issued for this application'
  if (error.claim === 'nbf' || error.claim === 'iat') return 'is not good yet'
  return `does not say what it has to in "${error.claim}"`
}

function refuseStrange(lifetime: number, claims: object): void {
  if (!(Number.isFinite(lifetime) && lifetime > 0)) {
    throw new TokenNotIssuedError(`${lifetime} is no time above zero`, 'Give expiresIn in milliseconds.')
  }
  const reserved = Object.keys(claims).filter((name) => RESERVED.includes(name))
  if (reserved.length === 0) return
  const hint = 'Give the claim another name; who, for whom and until when is said by Limber.'
  throw new TokenNotIssuedError(`"${reserved.join('", "')}" has a meaning in every token`, hint)
}
