/** @module Whether the sessions of a configuration live in the memory of one process. */
import type { ProcessMemory } from '../../application/ports/process-memory.ts'
import type { HttpConfig } from '../http-config.ts'
import { MemorySessions } from './memory-sessions.ts'

/** What of these sessions would be wrong with several processes. */
export function sessionMemory({ sessions }: HttpConfig = {}): ProcessMemory | undefined {
  if (!sessions) return undefined
  const { store = new MemorySessions() } = sessions === true ? {} : sessions
  return store instanceof MemorySessions ? store : undefined
}
