/** What was enabled is kept in one file, whoever writes it, and never lost. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { EnabledModules } from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { holdLock } from '../support/hold-lock.ts'

const WRITER = fileURLToPath(new URL('../support/enable-many.ts', import.meta.url))

describe('the list of enabled modules', () => {
  it('is empty before anything is enabled', () => {
    expect(new EnabledModules(path.join(emptyFolder(), 'storage/modules')).all()).toEqual(new Map())
  })

  it('keeps what was consented to, for the next process', async () => {
    const folder = path.join(emptyFolder(), 'storage/modules')
    const modules = new EnabledModules(folder)
    await modules.set('shop', { permissions: ['use_db'], version: '1.0.0' })
    await modules.set('blog', { permissions: [], version: '2.1.0' })
    await modules.set('shop', { permissions: ['use_db', 'use_http'], version: '1.1.0' })
    await modules.remove('gone')
    const later = new EnabledModules(folder)
    expect([...later.all().keys()]).toEqual(['blog', 'shop'])
    expect(later.find('shop')).toEqual({ permissions: ['use_db', 'use_http'], version: '1.1.0' })
    await later.remove('shop')
    expect(modules.find('shop')).toBeUndefined()
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  it.each([
    ['is cut off', '{ "format": 1, "modu'],
    ['is empty', ''],
    ['is a list', '[]'],
    ['is of another format', '{ "format": 2, "modules": {} }'],
    ['has no modules', '{ "format": 1 }'],
    ['has an entry without permissions', '{ "format": 1, "modules": { "shop": { "version": "1.0.0" } } }'],
    ['has an entry without a version', '{ "format": 1, "modules": { "shop": { "permissions": [] } } }'],
  ])('that %s is an error, and stays as it is', async (_, text) => {
    const folder = emptyFolder()
    const file = path.join(folder, 'modules.json')
    writeFileSync(file, text)
    const modules = new EnabledModules(folder)
    expect(() => modules.all()).toThrow(expect.objectContaining({ code: 'LIMBER_ENABLED_MODULES_FILE' }))
    const written = modules.set('blog', { permissions: [], version: '1.0.0' })
    await expect(written).rejects.toMatchObject({ code: 'LIMBER_ENABLED_MODULES_FILE' })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('a name that every object has is not taken for enabled', async () => {
    const modules = new EnabledModules(emptyFolder())
    await modules.set('shop', { permissions: [], version: '1.0.0' })
    expect(modules.find('constructor')).toBeUndefined()
  })

  it('names the process that keeps others from writing', async () => {
    const folder = emptyFolder()
    holdLock(path.join(folder, 'locks/modules.lock'))
    const writing = new EnabledModules(folder, { wait: 0 }).set('shop', { permissions: [], version: '1.0.0' })
    await expect(writing).rejects.toMatchObject({
      code: 'LIMBER_ENABLED_MODULES_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    })
  })

  it('loses nothing when processes write at once', { timeout: 120_000 }, async () => {
    const folder = path.join(emptyFolder(), 'storage')
    mkdirSync(folder)
    const writers = ['a', 'b', 'c'].map((name) =>
      spawn(process.execPath, ['--conditions=limber:source', WRITER, folder, name], {
        cwd: path.resolve('.'),
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    )
    const codes = await Promise.all(writers.map((writer) => once(writer, 'exit')))
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0])
    const expected = ['a', 'b', 'c'].flatMap((name) => [0, 1, 2, 3, 4].map((index) => `${name}${index}`))
    expect([...new EnabledModules(folder).all().keys()]).toEqual(expected)
  })
})
