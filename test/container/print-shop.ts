/** The services of an imaginary printing shop, which the container tests bind each in its own way. */
export class Ink {
  constructor(readonly colour = 'black') {}
}

export class Press {
  constructor(readonly ink?: Ink) {}
}

declare module 'limber' {
  interface Services {
    'print.ink': Ink
    'print.press': Press
    'print.order': object
    'print.paper': string | undefined
    'print.size': number
  }
  interface Tags {
    stock: Ink | Press | number
    'never tagged': unknown
  }
}

/** Runs a function that is expected to throw, and gives what it threw. */
export function thrown(fn: () => unknown): unknown {
  try {
    fn()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

/** Awaits a promise that is expected to reject, and gives the reason. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

/** Lets everything run that waits for a promise only. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A booted application: the shortest way to a container with scopes. */
export { bootedApplication } from '../application/booted-application.ts'
