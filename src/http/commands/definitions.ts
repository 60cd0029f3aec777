/** @module What the commands of HTTP are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag, type Parameter, port, text } from '../../console/define-command.ts'

const provider = { name: 'HttpServiceProvider', from: 'limber/http' }

const workers: Parameter<number | 'auto' | undefined> = {
  description: 'how many processes serve; auto is one for each processor',
  expected: 'auto, or a whole number from 1 to 1024',
  required: false,
  default: undefined,
  short: undefined,
  parse: (written) => {
    if (written === 'auto') return written
    const count = /^\d+$/.test(written) ? Number(written) : 0
    return count >= 1 && count <= 1024 ? count : undefined
  },
}

export const serve = defineCommand({
  name: 'serve',
  description: 'Start the HTTP server.',
  options: {
    port: port('the port to listen on; 0 lets the system choose'),
    host: text('the address to listen on; 0.0.0.0 is every network'),
    workers,
  },
  needs: ['http'],
  provider,
})

export const routes = defineCommand({
  name: 'routes',
  description: 'List the routes.',
  options: {
    json: flag('as JSON'),
    types: flag('write their names to app/http/route-names.ts, for router.url()'),
    check: flag('with --types: write nothing, and fail when that file is out of date'),
  },
  needs: ['router'],
  provider,
})

export const openapi = defineCommand({
  name: 'openapi',
  description: 'Print the OpenAPI document of the routes.',
  options: {
    output: text('the file to write it to instead'),
    check: flag('list what it does not say instead, and fail when there is something'),
    json: flag('the list as JSON'),
  },
  needs: ['http'],
  provider,
})
