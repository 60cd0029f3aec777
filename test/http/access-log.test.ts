import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { HttpConfig, Router } from 'limber/http'
import { expect, test } from 'vitest'
import { loggedApplication } from './logged-application.ts'

/** The lines of the access log after these bytes have been answered on one connection. */
async function linesAfter(sent: string, accessLog: HttpConfig['accessLog'] = true) {
  const { app, http, lines } = await loggedApplication(addRoutes, { http: { accessLog } })
  await app.run(http)
  const socket = connect(Number(http.port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(sent)
  await text(socket)
  await app.stop()
  return lines.filter((line) => 'duration' in line)
}

function addRoutes(router: Router): void {
  router.get('/books', () => 'Emma')
  router.get('/long', () => 'a'.repeat(10_000))
}

const asking = (target: string, connection = 'keep-alive') =>
  `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\n\r\n`

test.for(['/books?token=s3cret', '/books#token=s3cret', 'http://ada:s3cret@x/books?page=1'])(
  'of %s only the path is written',
  async (target) => {
    const lines = await linesAfter(asking(target, 'close'))
    expect(lines).toMatchObject([{ msg: 'GET /books 200', path: '/books' }])
    expect(JSON.stringify(lines)).not.toContain('s3cret')
  },
)

test('a WebSocket is one line, when it is over', async () => {
  const { app, http, lines } = await loggedApplication(
    (router) => router.ws('/echo', { message: (message) => message }),
    { http: { accessLog: true } },
  )
  await app.run(http)
  const socket = new WebSocket(`${String(http.address).replace('http', 'ws')}/echo`)
  await once(socket, 'open')
  socket.send('Emma')
  await once(socket, 'message')
  await app.stop()
  const [line] = lines.filter((line) => 'duration' in line)
  expect(line).toMatchObject({ msg: 'GET /echo 101', level: 30, status: 101, route: '/echo' })
  expect(line).not.toHaveProperty('aborted')
})

test('what a stop has to cut is in the access log when the stop is over', async () => {
  const { app, http, lines } = await loggedApplication(
    (router) => router.get('/', () => new Promise(() => undefined)),
    { http: { accessLog: true } },
  )
  await app.run(http)
  const reply = fetch(String(http.address)).catch((error: unknown) => error)
  await once(http.fastify.server, 'request')
  await app.stop({ deadline: 0 })
  expect(await reply).toBeInstanceOf(TypeError)
  expect(lines.filter((line) => 'duration' in line)).toMatchObject([{ msg: 'GET / aborted', aborted: true }])
})

test('a reply that is left out is not counted as part of the next one', async () => {
  const lines = await linesAfter(asking('/long') + asking('/books', 'close'), { skip: ['/long'] })
  expect(lines).toMatchObject([{ path: '/books' }])
  expect(Number(lines[0]?.bytes)).toBeLessThan(10_000)
})
