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

/** Headers hold no letters beyond ASCII in a way that every client reads alike. */
function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
}
