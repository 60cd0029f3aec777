import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningLimber, repository, runLimber, startLimber } from '../support/run-limber.ts'

interface Reply {
  readonly status: number | undefined
  readonly body: string
}

const folder = mkdtempSync(path.join(tmpdir(), 'limber-first-run-'))
const file = path.join(folder, 'storage/library.sqlite')
const options = { cwd: repository, env: { DATABASE_URL: `sqlite:${file}`, PORT: '0' } }

let server: RunningLimber
let origin: string

beforeAll(async () => {
  for (const command of ['migrate', 'seed']) {
    const ended = await runLimber(['db', command], options)
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' })
  }
  server = startLimber(['serve'], options)
  origin = /http:\S+/.exec(await server.wrote('http://'))?.[0] ?? ''
})

afterAll(() => {
  server.child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function send(method: string, url: string, body?: object, agent?: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': 'application/json' } : {}
    const sent = request(`${origin}${url}`, { method, headers, ...(agent ? { agent } : {}) }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      reply.on('end', () => resolve({ status: reply.statusCode, body: text }))
      reply.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

function row(id: number): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare('select title, deleted_at is not null as trashed from book where id = ?').get(id)
  } finally {
    database.close()
  }
}

test('a user with a password that is in the repository is not made in production', async () => {
  const env = {
    DATABASE_URL: `sqlite:${path.join(folder, 'production.sqlite')}`,
    NODE_ENV: 'production',
    APP_SECRET: 's'.repeat(32),
  }
  expect(await runLimber(['db', 'migrate'], { ...options, env })).toMatchObject({ code: 0 })
  const { code, stdout } = await runLimber(['db', 'seed'], { ...options, env })
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining('password') })
  const database = new DatabaseSync(path.join(folder, 'production.sqlite'), { readOnly: true })
  expect(database.prepare('select count(*) as users from user').get()).toEqual({ users: 0 })
  database.close()
})

describe('a library that was just installed', () => {
  test('creates, reads, lists, changes, deletes and restores a book; its row is in the file all along', async () => {
    const created = await send('POST', '/books', { title: 'Emma', author: 1 })
    expect(created.status).toBe(201)
    const { id } = JSON.parse(created.body)
    expect(row(id)).toEqual({ title: 'Emma', trashed: 0 })
    expect((await send('GET', `/books/${id}`)).status).toBe(200)
    expect(JSON.parse((await send('GET', '/books')).body).meta.total).toBe(6)
    expect((await send('PATCH', `/books/${id}`, { title: 'Persuasion' })).status).toBe(200)

    expect((await send('DELETE', `/books/${id}`)).status).toBe(204)
    expect(row(id)).toEqual({ title: 'Persuasion', trashed: 1 })
    expect((await send('GET', `/books/${id}`)).status).toBe(404)
    expect(JSON.parse((await send('GET', '/books')).body).meta.total).toBe(5)

    expect((await send('POST', `/books/${id}/restore`)).status).toBe(200)
    expect(row(id)).toEqual({ title: 'Persuasion', trashed: 0 })
  })

  test('finishes what is in flight when it is told to stop, and exits with 0', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const answers: Reply[] = []
    let refused = 0
    let stopped = false
    const client = async () => {
      while (!stopped) {
        try {
          answers.push(await send('POST', '/books', { title: 'Under load', author: 1 }, agent))
        } catch (error) {
          // After the stop nobody listens any more; before it every request has an answer.
          expect(error).toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|ECONNRESET|EPIPE/) })
          refused += 1
          return
        }
        if (answers.length === 200) {
          stopped = true
          server.child.kill('SIGTERM')
        }
      }
    }
    await Promise.all(Array.from({ length: 16 }, client))
    expect(await server.ended).toMatchObject({ code: 0, signal: null })
    agent.destroy()

    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]))
    const database = new DatabaseSync(file, { readOnly: true })
    const { books } = database
      .prepare("select count(*) as books from book where title = 'Under load'")
      .get() as {
      books: number
    }
    database.close()
    // Every book that was promised is there; a client that was cut off may have written one more.
    expect(books).toBeGreaterThanOrEqual(answers.length)
    expect(books).toBeLessThanOrEqual(answers.length + refused)
  })

  test('migrates there and back without writing into the source tree', async () => {
    const migrations = path.join(repository, 'database/migrations')
    const read = () =>
      readdirSync(migrations).map((name) => [name, readFileSync(path.join(migrations, name), 'utf8')])
    const before = read()
    const states = async () => {
      const { stdout } = await runLimber(['db', 'status', '--json'], options)
      return JSON.parse(stdout).map((entry: { state: string }) => entry.state)
    }
    expect(await states()).toEqual(['applied', 'applied'])
    expect(await runLimber(['db', 'rollback'], options)).toMatchObject({ code: 0 })
    expect(await states()).toEqual(['pending', 'pending'])
    expect(await runLimber(['db', 'migrate'], options)).toMatchObject({ code: 0 })
    expect(await states()).toEqual(['applied', 'applied'])
    expect(read()).toEqual(before)
  })
})
