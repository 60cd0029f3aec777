/** @module A key of the configuration, read: what it signs with, what it checks with, and what is wrong with it. */
import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import type { JwkKey, JwtKey, PairKey } from './jwt-config.ts'

export interface SigningKey {
  readonly kid: string
  readonly algorithm: JwtKey['algorithm']
  readonly verify: KeyObject
  /** Undefined where only the public half is known. */
  readonly sign: KeyObject | undefined
}

/** The least bytes of a secret, by RFC 7518, section 3.2: as many as the digest has. */
const SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }
const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}
const RSA_BITS = 2_048

const ADVICE =
  'Make one with: node -p "crypto.randomBytes(64).toString(\'base64url\')", and read it from the environment.'

/** Gives the key, or why there is none; the reason holds nothing of the key. */
export function readKey(key: JwtKey): SigningKey | string {
  try {
    const read = 'secret' in key ? secretOf(key.secret) : 'jwk' in key ? jwkOf(key) : pairOf(key)
    if (typeof read === 'string') return read
    const { kid, algorithm } = key
    return objection(algorithm, read.verify) ?? { kid, algorithm, ...read }
  } catch {
    // What the platform says of a key may quote it.
    return 'it cannot be read. Give a PEM with its header and all of its lines, or a complete JWK.'
  }
}

type Halves = Pick<SigningKey, 'sign' | 'verify'>

function secretOf(secret: unknown): Halves | string {
  if (typeof secret !== 'string') return 'its secret is no text.'
  // Of a pair, others know one half.
  if (secret.includes('-----BEGIN ')) return 'its secret is a PEM. Give that as privateKey or publicKey.'
  const key = createSecretKey(Buffer.from(secret))
  return { sign: key, verify: key }
}

function pairOf({ privateKey, publicKey }: PairKey): Halves | string {
  if (privateKey === undefined && publicKey === undefined)
    return 'it has neither a secret nor a publicKey, a privateKey or a jwk.'
  const sign = privateKey === undefined ? undefined : createPrivateKey(privateKey)
  const verify = publicKey === undefined ? createPublicKey(privateKey ?? '') : createPublicKey(publicKey)
  const isPair = !sign || createPublicKey(sign).equals(verify)
  return isPair ? { sign, verify } : 'its publicKey does not belong to its privateKey.'
}

function jwkOf({ jwk }: JwkKey): Halves {
  if (jwk.kty === 'oct') {
    const key = createSecretKey(String(jwk.k ?? ''), 'base64url')
    return { sign: key, verify: key }
  }
  const input = { key: jwk as JsonWebKey, format: 'jwk' } as const
  const sign = jwk.d === undefined ? undefined : createPrivateKey(input)
  return { sign, verify: createPublicKey(input) }
}

/** Whether an algorithm can work with a key, and safely: so that no public key ever serves as a secret. */
function objection(algorithm: string, key: KeyObject): string | undefined {
  const least = SECRET_BYTES[algorithm]
  if (least !== undefined) {
    if (key.type !== 'secret') return `${algorithm} needs a secret, and this is a pair of keys.`
    const bytes = key.symmetricKeySize ?? 0
    return bytes >= least
      ? undefined
      : `its secret has ${bytes} bytes, and ${least} are the least for ${algorithm}. ${ADVICE}`
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const wrong = (needed: string) => `${algorithm} needs ${needed}, and this is ${type ?? 'a secret'}.`
  if (/^[RP]S(256|384|512)$/.test(algorithm)) {
    if (type !== 'rsa') return wrong('an RSA key')
    const bits = details?.modulusLength ?? 0
    return bits >= RSA_BITS ? undefined : `it has ${bits} bits, and ${RSA_BITS} are the least.`
  }
  const curve = CURVES[algorithm]
  if (curve !== undefined)
    return details?.namedCurve === curve ? undefined : wrong(`a key of the curve ${curve}`)
  if (algorithm === 'EdDSA') return type === 'ed25519' ? undefined : wrong('an Ed25519 key')
  return `"${algorithm}" is no algorithm that is known here.`
}
