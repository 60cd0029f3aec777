import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Guard } from 'limber'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { emptyFolder, serving } from './serve-routes.ts'

const executablePath = '/usr/bin/chromium'
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const isMissing = !existsSync(executablePath) && process.env.LIMBER_TEST_SERVICES !== 'required'
if (isMissing) console.warn('The reference page is not tested: install the Debian package chromium.')

let browser: Browser
beforeAll(async () => {
  if (!isMissing) browser = await chromium.launch({ executablePath, args: flags.split(' ') })
})
afterAll(() => browser?.close())

const Book = z.object({ id: z.int(), title: z.string() }).meta({ id: 'Book' })

/** A page that reaches this server only, and what it asked of others or complained about. */
async function pageOf(url: string) {
  const strangers: string[] = []
  const complaints: string[] = []
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const isOurs = (address: string) => address.startsWith(`${url}/`) || /^(data|blob):/.test(address)
  const page = await context.newPage()
  page.on('request', (request) => void (isOurs(request.url()) || strangers.push(request.url())))
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => complaints.push(error.message))
  await context.route(
    (address) => !isOurs(address.href),
    (route) => route.abort(),
  )
  return { page, strangers, complaints }
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.LIMBER_TEST_SCREENSHOTS ?? emptyFolder()
  await page.screenshot({ path: path.join(folder, name) })
}

test.skipIf(isMissing)('a browser without network shows the routes, and tries one of them', async () => {
  const { url } = await serving(
    (router) => {
      router.get('/books/:id', ({ params }) => ({ id: params.id, title: `Emma ${params.id}` }), {
        summary: 'Show a book',
        params: z.object({ id: z.coerce.number().meta({ examples: [7] }) }),
        response: Book,
      })
      router.post('/books', ({ body }) => ({ id: 1, ...body }), {
        summary: 'Add a book',
        body: Book.omit({ id: true }),
        response: Book,
      })
    },
    { http: { openapi: { title: 'Library', description: 'Everything on the shelves.' } } },
  )
  const { page, strangers, complaints } = await pageOf(url)
  await page.goto(`${url}/docs`)
  await page.getByRole('heading', { name: 'Library' }).waitFor()
  await page.getByRole('heading', { name: 'Show a book' }).first().waitFor()
  await page.getByRole('heading', { name: 'Add a book' }).first().waitFor()
  await page.locator('code', { hasText: `curl ${url}/books/7` }).waitFor()
  await screenshot(page, 'reference.png')

  await page
    .getByRole('button', { name: /test request/i })
    .first()
    .click()
  const replied = page.waitForResponse((reply) => reply.url() === `${url}/books/7`)
  await page.getByRole('button', { name: /^send/i }).first().click()
  expect(await (await replied).json()).toEqual({ id: 7, title: 'Emma 7' })
  await page.getByText('Emma 7').first().waitFor()
  await screenshot(page, 'request.png')
  expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] })
})

test.skipIf(isMissing)('a browser sends the token of the guard that was chosen', async () => {
  const bearer: Guard = { name: 'bearer', scheme: { type: 'http', scheme: 'bearer' }, admit: () => undefined }
  const { url } = await serving(
    (router) => {
      const who = { summary: 'Who am I?', guards: [bearer], response: z.object({ sent: z.string() }) }
      router.get('/me', ({ request }) => ({ sent: String(request.headers.authorization) }), who)
    },
    { http: { openapi: { title: 'Library' } } },
  )
  const { page, strangers, complaints } = await pageOf(url)
  await page.goto(`${url}/docs`)
  await page
    .getByText(/auth required/i)
    .first()
    .waitFor()
  await page.getByText('Select Auth Type').click()
  await page.getByRole('option', { name: /^bearer/ }).click()
  await page.keyboard.press('Escape')
  await page.locator('input[placeholder="Token"]').first().fill('the token', { force: true })
  await page
    .getByRole('button', { name: /test request/i })
    .first()
    .click()
  const replied = page.waitForResponse((reply) => reply.url() === `${url}/me`)
  await page.getByRole('button', { name: /^send/i }).first().click()
  expect(await (await replied).json()).toEqual({ sent: 'Bearer the token' })
  await screenshot(page, 'guard.png')
  expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] })
})
