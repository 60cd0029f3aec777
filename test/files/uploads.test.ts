import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { afterCommit } from 'limber'
import { type HttpContext, uploadsOf } from 'limber/http'
import { expect, test } from 'vitest'
import { servingFiles } from './disks.ts'

async function store(context: HttpContext) {
  const files = context.app.make('files')
  const keys: string[] = []
  for await (const part of uploadsOf(context)) {
    if (part.kind !== 'file') continue
    const key = `covers/${part.safeName}`
    await files.write(key, part.stream, { contentType: part.mimeType })
    keys.push(key)
  }
  return keys
}

const serve = () =>
  servingFiles({
    http: { uploads: { fileSize: 3_000_000 } },
    routes: (router) => {
      router.post('/covers', store)
      router.delete('/covers/:name', ({ app, request, response }) => {
        const { name } = request.params as { name: string }
        afterCommit(() => app.make('files').remove(`covers/${name}`))
        if (name === 'kept.txt') response.status(409)
        return { name }
      })
    },
  })

test('the files of an upload go to a disk while they arrive', async () => {
  const { files, url } = await serve()
  const form = new FormData()
  form.append('a', new Blob(['x'.repeat(2_000_000)], { type: 'text/plain' }), 'ü a.txt')
  form.append('b', new Blob(['small']), '../../b.txt')
  const reply = await fetch(`${url}/covers`, { method: 'POST', body: form })
  const keys: string[] = JSON.parse(await reply.text())
  expect([reply.status, keys.length]).toEqual([200, 2])
  expect((await files.metadata(String(keys[0]))).size).toBe(2_000_000)
  expect(await files.readText(String(keys[1]))).toBe('small')
  expect((await files.list('covers')).files).toHaveLength(2)
})

test('a file that is too large is a 413, and nothing of it stays', async () => {
  const { files, root, url } = await serve()
  const form = new FormData()
  form.append('a', new Blob(['x'.repeat(3_000_001)]), 'a.txt')
  expect((await fetch(`${url}/covers`, { method: 'POST', body: form })).status).toBe(413)
  expect(await files.exists('covers/a.txt')).toBe(false)
  expect(readdirSync(path.join(root, '.limber-tmp'))).toEqual([])
})

test('nothing of an upload stays that breaks off', async () => {
  const { files, root, url } = await serve()
  const temporary = path.join(root, '.limber-tmp')
  const client = request(`${url}/covers`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=limit' },
  })
  client.on('error', () => undefined)
  client.write('--limit\r\ncontent-disposition: form-data; name="a"; filename="a.txt"\r\n\r\n')
  client.write('x'.repeat(500_000))
  await expect.poll(() => namesIn(temporary).length).toBe(1)
  client.destroy()
  await expect.poll(() => namesIn(temporary)).toEqual([])
  expect(await files.exists('covers/a.txt')).toBe(false)
})

test('a file is removed when the unit of work has been committed, and stays when it was not', async () => {
  const { files, url } = await serve()
  for (const name of ['kept.txt', 'gone.txt']) {
    await files.write(`covers/${name}`, 'x')
    await fetch(`${url}/covers/${name}`, { method: 'DELETE' })
  }
  await expect.poll(() => files.exists('covers/gone.txt')).toBe(false)
  expect(await files.exists('covers/kept.txt')).toBe(true)
})

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It is made with the first file.
    return []
  }
}
