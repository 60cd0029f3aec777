/** @module How tokens are signed and checked, as it stands in the configuration. */

export type SecretAlgorithm = 'HS256' | 'HS384' | 'HS512'

export type KeyPairAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'

/** A secret that this application shares with nobody who may not issue tokens. */
export interface SecretKey {
  /** Names the key in tokens, so that it can be replaced: any text that no other key has. */
  readonly kid: string
  readonly algorithm: SecretAlgorithm
  /** At least as long as the digest: 32 bytes for HS256, 48 for HS384, 64 for HS512. */
  readonly secret: string
}

/** A pair of keys; only who has the private one can issue tokens. */
export interface PairKey {
  readonly kid: string
  readonly algorithm: KeyPairAlgorithm
  /** PEM, as `-----BEGIN PRIVATE KEY-----`; without it this key only checks. */
  readonly privateKey?: string
  /** PEM; default: the one that belongs to the private key. */
  readonly publicKey?: string
}

/** A key as a JSON Web Key, secret, private or public. */
export interface JwkKey {
  readonly kid: string
  readonly algorithm: SecretAlgorithm | KeyPairAlgorithm
  readonly jwk: Readonly<Record<string, unknown>>
}

export type JwtKey = SecretKey | PairKey | JwkKey

/** The keys of another issuer, such as an identity provider. */
export interface JwksConfig {
  /** Where its JSON Web Key Set is; https, or http on this machine. */
  readonly url: string
  /** The algorithms that are accepted with its keys. */
  readonly algorithms: readonly [KeyPairAlgorithm, ...KeyPairAlgorithm[]]
}

export interface JwtConfig {
  /** Who issues the tokens; a token of anybody else is refused. */
  readonly issuer: string
  /** Whom they are for; a token for anybody else is refused. */
  readonly audience: string
  /** The first one signs, all of them check. A token without `kid` is refused, unless there is one key only. */
  readonly keys?: readonly JwtKey[]
  /** Checks tokens by the keys of another issuer as well. */
  readonly jwks?: JwksConfig
  /** How long an issued token is good for, in milliseconds; default: 3,600,000, an hour. */
  readonly expiresIn?: number
  /** How far the clocks of issuer and application may be apart, in milliseconds; default: 0. */
  readonly clockTolerance?: number
  /** How old a token may be at most, whatever its own end; in milliseconds. Default: as old as it says. */
  readonly maxAge?: number
}
