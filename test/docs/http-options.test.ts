import { readFileSync } from 'node:fs'
import type { HttpConfig } from 'limber/http'
import { expect, test } from 'vitest'

const page = readFileSync('docs/http.md', 'utf8')
const table = page.split(/^## Every option$/m)[1] ?? ''

/** A key of HttpConfig that is missing here, or is none, does not compile. */
const OPTIONS: Record<keyof HttpConfig, true> = {
  host: true,
  port: true,
  trustProxy: true,
  requestIdHeader: true,
  accessLog: true,
  health: true,
  drainDelay: true,
  drainTimeout: true,
  bodyLimit: true,
  maxHeaderSize: true,
  maxParamLength: true,
  maxRequestsPerSocket: true,
  headersTimeout: true,
  requestTimeout: true,
  keepAliveTimeout: true,
  connectionTimeout: true,
  handlerTimeout: true,
  middleware: true,
  errors: true,
  developmentPage: true,
  openapi: true,
  cors: true,
  helmet: true,
  cookies: true,
  sessions: true,
  csrf: true,
  uploads: true,
  static: true,
  compression: true,
}

/** The anchor of a heading, as it is made from its words. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\w\- ]/g, '')
  return words.replaceAll(' ', '-')
}

test('every option of config/http.ts stands in the table of docs/http.md once', () => {
  const told = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
  expect(told.toSorted()).toEqual(Object.keys(OPTIONS).sort())
})

test('every link within docs/http.md leads to a heading', () => {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '')
  const anchors = [...prose.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''))
  const links = [...prose.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '')
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((link) => !anchors.includes(link))).toEqual([])
})
