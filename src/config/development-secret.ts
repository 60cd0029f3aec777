/** @module A secret for those who have not chosen one yet: made once, and kept where nobody else looks. */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { codeOf } from '../support/code-of.ts'

const inMemory = new Map<string, string>()

/** Gives a secret that lasts as long as the process: for tests, which leave nothing behind. */
export function passingSecret(name: string): string {
  const secret = inMemory.get(name) ?? newSecret()
  inMemory.set(name, secret)
  return secret
}

/** Where the secret of a variable is kept: `storage/app-secret` for APP_SECRET. */
function secretFile(name: string): string {
  return `storage/${name.toLowerCase().replaceAll('_', '-')}`
}

/** Gives the secret of a file, which is made when it is not there; several processes get the same one. */
export function keptSecret(root: string, name: string): string {
  const file = path.join(root, secretFile(name))
  return read(file) ?? make(file)
}

function make(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(draft, `${newSecret()}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // Whole, or not at all: a file that is written in place could be read half.
    linkSync(draft, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(file, 'utf8').trim()
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function newSecret(): string {
  return randomBytes(48).toString('base64url')
}
