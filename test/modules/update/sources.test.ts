/** A module is taken from folders, git repositories and archives; hostile ones are refused, and nothing of them stays. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { create, Header } from 'tar'
import { describe, expect, it } from 'vitest'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { openShop, shopFiles, shopFolder } from '../support/shop.ts'

const git = (cwd: string, ...argv: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...argv], {
    cwd,
    stdio: 'pipe',
  })

function repository(version = '1.3.0'): string {
  const folder = shopFolder({ version })
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'first')
  return folder
}

const readme = (folder: string) => readFileSync(path.join(folder, 'readme.md'), 'utf8')

describe('a module is taken', { timeout: 60_000 }, () => {
  it('from a folder, without what is installed for its development', async () => {
    const shop = await openShop()
    const source = shopFolder({ version: '1.1.0', files: { 'node_modules/x/index.js': '' } })
    symlinkSync('x', path.join(source, 'node_modules/y'))
    const { code, stderr } = await shop.update(source)
    expect(code, stderr).toBe(0)
    expect(existsSync(path.join(shop.folder, 'node_modules'))).toBe(false)
  })

  it('from what is committed in a git repository, running nothing of it', async () => {
    const shop = await openShop()
    const source = repository()
    writeFileSync(path.join(source, 'readme.md'), 'not committed')
    const mark = path.join(shop.root, 'hooked')
    const hook = path.join(source, '.git/hooks/post-checkout')
    writeFileSync(hook, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 })
    const { code, stderr } = await shop.update(source)
    expect(code, stderr).toBe(0)
    expect(readme(shop.folder)).toBe('shop 1.3.0\n')
    expect(existsSync(mark)).toBe(false)
    expect(existsSync(path.join(shop.folder, '.git'))).toBe(false)
  })

  it('from a tag of a git repository', async () => {
    const shop = await openShop()
    const source = repository('1.1.0')
    git(source, 'tag', 'v1.1.0')
    write(source, shopFiles({ version: '1.3.0' }))
    git(source, 'add', '.')
    git(source, 'commit', '--quiet', '-m', 'second')
    const { code, stderr } = await shop.update(`file://${source}#v1.1.0`)
    expect(code, stderr).toBe(0)
    expect(readme(shop.folder)).toBe('shop 1.1.0\n')
  })

  it.each([
    ['.tar', false, '.'],
    ['.tar.gz', true, '.'],
    ['.tgz', true, 'shop-1.3.0'],
  ])('from a %s file', async (ending, gzip, inside) => {
    const shop = await openShop()
    const folder = emptyFolder()
    const files = shopFiles({ version: '1.3.0' })
    write(path.join(folder, inside), files)
    const file = path.join(emptyFolder(), `shop${ending}`)
    await create({ file, cwd: folder, gzip }, inside === '.' ? Object.keys(files) : [inside])
    const { code, stderr } = await shop.update(file)
    expect(code, stderr).toBe(0)
    expect(readme(shop.folder)).toBe('shop 1.3.0\n')
  })
})

interface Entry {
  readonly path: string
  readonly text?: string
  readonly size?: number
  readonly type?: 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice'
  readonly linkpath?: string
}

/** Written by hand: no program makes such archives. */
function archive(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path: name, text = '', size, type = 'File' as const, linkpath }) => {
    const header = Buffer.alloc(512)
    new Header({
      path: name,
      mode: 0o644,
      size: size ?? text.length,
      type,
      linkpath: linkpath ?? '',
      mtime: new Date(0),
    }).encode(header, 0)
    return [header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'))]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const good = Object.entries(shopFiles({ version: '1.3.0' })).map(([name, text]) => ({ path: name, text }))
const MEGABYTES = 16

/** A file of compressed parts is one file, unpacked: the same part, again and again. */
function bomb(): Buffer {
  const header = archive([{ path: 'zeros', size: 20 * MEGABYTES * 1024 * 1024 }]).subarray(0, 512)
  const zeros = gzipSync(Buffer.alloc(MEGABYTES * 1024 * 1024))
  return Buffer.concat([gzipSync(header), ...Array.from({ length: 20 }, () => zeros)])
}

describe('an archive is refused', { timeout: 60_000 }, () => {
  it.each<[string, () => Buffer, RegExp]>([
    [
      'with a name above the folder',
      () => archive([...good, { path: '../evil.txt', text: 'x' }]),
      /leads out/,
    ],
    [
      'with an absolute name',
      () => archive([...good, { path: '/tmp/limber-evil.txt', text: 'x' }]),
      /leads out/,
    ],
    [
      'with a link',
      () => archive([...good, { path: 'evil', type: 'SymbolicLink', linkpath: '/etc' }]),
      /a link/,
    ],
    [
      'with a hard link',
      () => archive([...good, { path: 'evil', type: 'Link', linkpath: '/etc/passwd' }]),
      /a link/,
    ],
    ['with a device', () => archive([...good, { path: 'evil', type: 'CharacterDevice' }]), /special file/],
    ['that is cut off', () => archive(good).subarray(0, 1_800), /./],
    ['that is no archive', () => Buffer.from('x'.repeat(2_000)), /no tar archive/],
    ['that is empty', () => Buffer.alloc(0), /no tar archive/],
    ['that is compressed twice', () => gzipSync(gzipSync(archive(good))), /no tar archive/],
    ['that unpacks to far too much', bomb, /more than 256 MB/],
    [
      'with far too many entries',
      () => archive(Array.from({ length: 20_001 }, () => ({ path: 'd/', type: 'Directory' }) as const)),
      /20000/,
    ],
    ['without a manifest', () => archive([{ path: 'readme.md', text: 'x' }]), /no module.yaml/],
  ])('%s', async (_, make, reason) => {
    const shop = await openShop()
    const code = shop.code()
    const file = path.join(emptyFolder(), 'shop.tar')
    writeFileSync(file, make())
    const refused = await shop.update(file)
    expect(refused.stderr).toContain('LIMBER_MODULE_SOURCE')
    expect(refused.stderr).toMatch(reason)
    expect(refused.code).toBe(2)
    expect(shop.code()).toEqual(code)
    expect(shop.leftovers()).toEqual([])
    expect(existsSync(path.join(shop.root, 'modules/evil.txt'))).toBe(false)
    expect(existsSync('/tmp/limber-evil.txt')).toBe(false)
  })
})

describe('a source is refused', { timeout: 60_000 }, () => {
  it.each<[string, (folder: string) => string, RegExp]>([
    ['that is not there', (folder) => path.join(folder, 'nothing'), /there is nothing/],
    ['that is an unencrypted URL', () => 'http://example.org/shop.git', /https:\/\//],
    ['that names a program', () => 'ext::sh -c touch% hacked', /https:\/\//],
    ['that looks like an option', () => '--upload-pack=touch hacked', /there is nothing|LIMBER_/],
    [
      'whose ref looks like an option',
      (folder) => `file://${folder}#--upload-pack=touch`,
      /no name of a branch/,
    ],
    ['that is no repository', (folder) => `file://${folder}`, /git says/],
    ['that is a folder with a ref', (folder) => `${folder}#main`, /only git repositories/],
  ])('%s', async (_, make, reason) => {
    const shop = await openShop()
    const refused = await shop.update(make(emptyFolder()))
    expect(refused.stderr).toMatch(reason)
    expect(refused.code).toBe(2)
    expect(shop.leftovers()).toEqual([])
  })

  it('that is a .zip, with what to use instead', async () => {
    const shop = await openShop()
    const file = path.join(emptyFolder(), 'shop.zip')
    writeFileSync(file, 'PK')
    const { stderr } = await shop.update(file)
    expect(stderr).toContain('tar -czf')
  })

  it('that is a repository with a link out of it', async () => {
    const shop = await openShop()
    const source = repository()
    symlinkSync('/etc', path.join(source, 'evil'))
    git(source, 'add', '.')
    git(source, 'commit', '--quiet', '-m', 'link')
    const { stderr } = await shop.update(source)
    expect(stderr).toContain('"evil" in it is a link')
    expect(shop.leftovers()).toEqual([])
  })

  it('without telling the token in its URL', async () => {
    const shop = await openShop()
    const folder = path.join(emptyFolder(), 'no')
    mkdirSync(folder)
    const { stderr } = await shop.update('https://ghp_s3cr3t@127.0.0.1:1/shop.git')
    expect(stderr).toContain('LIMBER_MODULE_SOURCE')
    expect(stderr).not.toContain('ghp_s3cr3t')
  })
})
