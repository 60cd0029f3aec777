/** @module Creates a folder and those above it. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

/** Step by step: `mkdirSync` with `recursive` never returns where a folder cannot be created, such as below `/proc`. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error
  }
}
