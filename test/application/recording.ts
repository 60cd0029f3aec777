import type { Kernel, ScopeParticipant } from 'limber'

/** A participant that notes what it is asked for, and fails where it is told to. */
export function recordingParticipant(
  log: string[],
  name: string,
  failing: Partial<Record<'flush' | 'commit' | 'rollback' | 'close', Error>> = {},
): ScopeParticipant {
  const step = (verb: 'flush' | 'commit' | 'rollback' | 'close') => async () => {
    await Promise.resolve()
    log.push(`${verb} ${name}`)
    if (failing[verb]) throw failing[verb]
  }
  return {
    name,
    flush: step('flush'),
    commit: step('commit'),
    rollback: step('rollback'),
    close: step('close'),
  }
}

/** A kernel that notes its start and its stop. */
export function recordingKernel(log: string[], name: string, needs?: Kernel['needs']): Kernel {
  return {
    name,
    ...(needs ? { needs } : {}),
    start: async () => void log.push(`start ${name}`),
    stop: async () => void log.push(`stop ${name}`),
  }
}
