/** @module Processes that a read-only file or folder stops, whoever runs the tests. */
import { chmodSync, statSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { RunOptions } from '../../../support/run-limber.ts'

/** Takes the right to write to a file or folder until the test ends, and gives how to run a process that keeps to it. */
export function withoutRootRights(place: string): Pick<RunOptions, 'node' | 'nodeOptions'> {
  const { mode } = statSync(place)
  chmodSync(place, mode & ~0o222)
  onTestFinished(() => chmodSync(place, mode))
  if (process.getuid?.() !== 0) return {}
  // For root no rights count, unless these two are given away.
  const nodeOptions = ['--bounding-set=-dac_override,-dac_read_search', process.execPath]
  return { node: 'setpriv', nodeOptions }
}
