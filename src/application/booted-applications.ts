/** @module The applications of this process that are booted and not stopped. */

const booted = new Set<object>()

/** @returns a function that takes it out again */
export function noteBooted(application: object): () => void {
  booted.add(application)
  return () => booted.delete(application)
}

export function bootedApplications(): readonly object[] {
  return [...booted]
}
