/** @module The package as npm installs it: compiled, and without its development dependencies. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { copy } from './app-folder.ts'
import { repository } from './run-limber.ts'

/** Builds the package in a folder of its own, which whoever calls removes. */
export function buildPackage(): string {
  const built = realpathSync(mkdtempSync(path.join(tmpdir(), 'limber-built-')))
  const tsc = path.join(repository, 'node_modules/typescript/bin/tsc')
  const output = ['--outDir', path.join(built, 'dist'), '--tsBuildInfoFile', path.join(built, 'tsbuildinfo')]
  // Types are for the type check to judge, which takes most of the time; a build that is not there fails in the test.
  spawnSync(process.execPath, [tsc, '-p', path.join(repository, 'src'), '--noCheck', ...output])
  for (const part of ['bin', 'src', 'package.json']) copy(path.join(repository, part), path.join(built, part))
  return built
}
