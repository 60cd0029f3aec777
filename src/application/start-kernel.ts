/** @module Starts a kernel, before the eyes of every service that is tagged `start`. */
import type { Container } from '../container/container.ts'
import { leaveScopes } from '../container/resolution-frame.ts'
import type { Kernel } from './kernel.ts'

/** It starts outside of any scope, also when a command starts it in its own. */
export function startKernel(app: Container & { readonly state: string }, kernel: Kernel): Promise<void> {
  return leaveScopes(async () => {
    // Who stops meanwhile needs none.
    const watches = app.state === 'stopped' ? [] : app.tagged('start')
    for (const watch of watches) await watch.beforeStart()
    await kernel.start()
    for (const watch of watches) watch.afterStart?.()
  })
}
