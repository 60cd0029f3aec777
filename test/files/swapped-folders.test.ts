import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LimberError } from 'limber'
import type { Disk } from 'limber/files'
import { expect, onTestFinished, test } from 'vitest'
import { servingFiles, temporaryFolder } from './disks.ts'

const DURATION = process.env.LIMBER_TEST_DEEP === '1' ? 30_000 : 1000

/** Gives the names of folders to links and back, as fast as it can, also in what is on its way to be removed. */
const SWAPPER = `
  import { readdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
  const [root, outside] = process.argv.slice(1)
  const attempt = (work, otherwise = () => undefined) => { try { return work() } catch { return otherwise() } }
  function swap(folder, away) {
    attempt(() => renameSync(folder, away), () => attempt(() => rmSync(away, { recursive: true, force: true })))
    attempt(() => symlinkSync(outside, folder))
    attempt(() => unlinkSync(folder))
    attempt(() => renameSync(away, folder))
  }
  console.log('swapping')
  for (let turn = 0; ; turn++) {
    swap(root + '/d', root + '/away')
    if (turn % 4 === 0) swap(root + '/.limber-tmp', root + '/away-tmp')
    for (const entry of attempt(() => readdirSync(root + '/.limber-tmp', { withFileTypes: true }), () => []))
      if (entry.isDirectory()) swap(entry.parentPath + '/' + entry.name + '/inner', entry.parentPath + '/' + entry.name + '/away')
  }`

async function startSwapping(root: string, outside: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SWAPPER, root, outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await once(child.stdout, 'data')
}

/** Has files with the names of those on the disk, and others; each of them is "outside". */
function folderOutside(): string {
  const outside = temporaryFolder()
  for (const folder of ['inner', 'empty']) mkdirSync(path.join(outside, folder))
  for (const name of ['a.txt', 'secret.txt', 'inner/a.txt', 'inner/secret.txt'])
    writeFileSync(path.join(outside, name), 'outside')
  return outside
}

function contentOf(folder: string): string[] {
  return globSync('**', { cwd: folder, withFileTypes: true })
    .map((entry) => ({ isFile: entry.isFile(), file: path.join(entry.parentPath, entry.name) }))
    .map(({ isFile, file }) => (isFile ? `${file}: ${readFileSync(file, 'utf8')}` : file))
    .sort()
}

/** What is open of a folder, by this process. */
function openBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return ''
      }
    })
    .filter((target) => target.startsWith(folder))
}

/** Each of them gives something with "outside", or "secret", when it was led there. */
function usesOf(files: Disk, url: string): Record<string, () => Promise<unknown>> {
  const seen = async (folder: string, recursive: boolean) => {
    const { files: found } = await files.list(folder, { recursive })
    return found.map(({ key, size }) => (size === 'outside'.length ? `outside: ${key}` : key))
  }
  return {
    read: () => files.readText('d/a.txt'),
    'read deeper': () => files.readText('d/inner/a.txt'),
    metadata: async () => ((await files.metadata('d/a.txt')).size === 'outside'.length ? 'outside' : ''),
    exists: async () => ((await files.exists('d/secret.txt')) ? 'outside' : ''),
    list: () => seen('d', false),
    'list recursively': () => seen('', true),
    copy: () => files.copy('d/a.txt', 'copy.txt').then(() => files.readText('copy.txt')),
    'copy into': () => files.copy('b.txt', 'd/copy.txt'),
    move: () => files.move('d/secret.txt', 'moved.txt').then(() => 'secret'),
    'move into': () => files.write('c.txt', 'c').then(() => files.move('c.txt', 'd/moved.txt')),
    serve: async () => (await fetch(url + (await files.signedUrl('d/a.txt', { expiresIn: 60_000 })))).text(),
    write: () => files.write('d/a.txt', 'in'),
    'write deeper': () => files.write('d/inner/a.txt', 'in'),
    'write into a new folder': () => files.write(`d/${crypto.randomUUID()}/new.txt`, 'in'),
    remove: () => files.remove('d/secret.txt'),
    'remove an empty folder': () => files.write('d/empty/x', 'in').then(() => files.remove('d/empty/x')),
    'remove a folder': () => files.removeAll('d/inner'),
    'remove folders': () => files.removeAll('d'),
  }
}

test.skipIf(process.platform !== 'linux')(
  'a folder that another process gives to a link and back leads nobody outside, and leaves nothing open',
  async () => {
    const { files, root, url } = await servingFiles()
    const outside = folderOutside()
    const before = contentOf(outside)
    for (const key of ['b.txt', 'd/a.txt', 'd/inner/a.txt']) await files.write(key, 'in')
    await startSwapping(root, outside)

    const ledAstray = new Set<string>()
    const outcomes = new Map<string, number>()
    const end = performance.now() + DURATION
    // Both have to have been there: the folder, and the link.
    const isOver = () => performance.now() > end && outcomes.has('done') && outcomes.has('LIMBER_FILE_LINK')
    const loops = Object.entries(usesOf(files, url)).map(async ([name, use]) => {
      while (!isOver()) {
        const outcome = await use().then(
          (value) => {
            if (/outside|secret/.test(JSON.stringify(value) ?? '')) ledAstray.add(name)
            return 'done'
          },
          (error: unknown) => (error instanceof LimberError ? error.code : String(error)),
        )
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    })
    await Promise.all(loops)
    expect([...ledAstray]).toEqual([])
    expect([...outcomes.keys()].filter((outcome) => !/^(done|LIMBER_[A-Z_]+)$/.test(outcome))).toEqual([])
    expect(contentOf(outside)).toEqual(before)
    await expect.poll(() => [...openBelow(root), ...openBelow(outside)]).toEqual([])
  },
  DURATION + 30_000,
)
