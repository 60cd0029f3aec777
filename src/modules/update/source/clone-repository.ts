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
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_NAMESPACE: undefined,
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
  // git says what else may be none; this one would be an option.
  if (ref !== undefined && !/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u.test(ref)) {
    throw new ModuleSourceError(source, `"${ref}" is no name of a branch or a tag.`)
  }
  const clone = path.join(into, '.clone')
  const { address, ...login } = withoutLogin(url)
  const argv = [
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
    'clone',
    '--quiet',
    '--depth=1',
    '--template=',
    '--no-recurse-submodules',
    ...(ref === undefined ? [] : [`--branch=${ref}`]),
    '--',
    address,
    clone,
  ]
  try {
    const env = programVariables({ ...CAREFUL, ...login })
    await promisify(execFile)('git', argv, { env, timeout: TIMEOUT })
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

/** A list of processes shows what git is called with, and not its environment: there the login of a URL goes. */
function withoutLogin(url: string): { readonly address: string } & Readonly<Record<string, string>> {
  if (!/^https:/i.test(url) || !URL.canParse(url)) return { address: url }
  const parsed = new URL(url)
  if (parsed.username === '' && parsed.password === '') return { address: url }
  const login = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`
  parsed.username = ''
  parsed.password = ''
  return {
    address: parsed.href,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${parsed.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(login).toString('base64')}`,
  }
}
