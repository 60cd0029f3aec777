/** @module Takes a module from a git repository: what is committed, and nothing that the repository would like to run. */
import { execFile } from 'node:child_process'
import { readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { programVariables } from '../../../config/env.ts'
import { codeOf } from '../../../support/code-of.ts'
import { messageOf } from '../../../support/message-of.ts'
import { ModuleSourceError } from '../errors.ts'

const TIMEOUT = 10 * 60_000

/** `ext::` and the like would run programs; submodules are other repositories, which nobody has named. */
const CAREFUL = {
  GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  GIT_TERMINAL_PROMPT: '0',
  // A hook of git that starts this would make it work in the repository of the hook.
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_TEMPLATE_DIR: undefined,
}
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.symlinks=true',
]

export interface Repository {
  readonly url: string
  /** A branch or a tag; without one, what HEAD is. */
  readonly ref: string | undefined
}

/** @throws {ModuleSourceError} with what git says */
export async function cloneRepository(source: string, { url, ref }: Repository, into: string): Promise<void> {
  if (ref !== undefined && !/^[\w][\w./+-]*$/.test(ref)) {
    throw new ModuleSourceError(source, `"${ref}" is no name of a branch or a tag.`)
  }
  const clone = path.join(into, '.clone')
  const argv = [
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
    'clone',
    '--quiet',
    '--depth=1',
    '--template=',
    '--no-recurse-submodules',
    ...(ref === undefined ? [] : [`--branch=${ref}`]),
    '--',
    url,
    clone,
  ]
  try {
    await promisify(execFile)('git', argv, { env: programVariables(CAREFUL), timeout: TIMEOUT })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new ModuleSourceError(source, 'git is in no folder of PATH.', 'Install git.', error)
    }
    const said = error instanceof Error ? String(Reflect.get(error, 'stderr') ?? '') : ''
    throw new ModuleSourceError(source, `git says: ${said.trim() || messageOf(error)}`)
  }
  rmSync(path.join(clone, '.git'), { recursive: true, force: true })
  for (const name of readdirSync(clone)) renameSync(path.join(clone, name), path.join(into, name))
  rmdirSync(clone)
}
