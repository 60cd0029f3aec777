/** @module What the commands of HTTP are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag, port, text } from '../../console/define-command.ts'

const provider = { name: 'HttpServiceProvider', from: 'limber/http' }

export const serve = defineCommand({
  name: 'serve',
  description: 'Start the HTTP server.',
  options: {
    port: port('the port to listen on; 0 lets the system choose'),
    host: text('the address to listen on; 0.0.0.0 is every network'),
  },
  needs: ['http'],
  provider,
})

export const routes = defineCommand({
  name: 'routes',
  description: 'List the routes.',
  options: { json: flag('as JSON') },
  needs: ['router'],
  provider,
})
