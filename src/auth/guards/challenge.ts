/** @module Writes challenges: what a refused client is told about how to say who it is. */
import type { Application } from '../../application/application.ts'

/** Writes a challenge of RFC 9110, section 11.6.1: a scheme, and its parameters in quotes. */
export function challengeOf(scheme: string, parameters: Readonly<Record<string, string>>): string {
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${quotable(value)}"`)
  return `${scheme} ${written.join(', ')}`
}

export function realmOf(app: Application): string {
  return app.config.find('auth.realm') ?? app.config.find('app')?.name ?? 'limber'
}

/** The ways there are to say who one is, for a 401 outside of guards: HTTP asks for them with each. */
export function challengesOf(app: Application): string {
  const realm = realmOf(app)
  const { jwt, apiKeys } = app.config.get('auth')
  const challenges = [
    ...(jwt ? [challengeOf('Bearer', { realm })] : []),
    ...(apiKeys ? [challengeOf('ApiKey', { realm, header: 'x-api-key' })] : []),
  ]
  return challenges.length > 0 ? challenges.join(', ') : challengeOf('Session', { realm })
}

/** Headers hold no letters beyond ASCII in a way that every client reads alike. */
function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
}
