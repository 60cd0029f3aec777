/** @module What the commands of the cache are called and take. It loads nothing else, since every `limber --help` reads it. */
import { defineCommand, flag, text, texts } from '../../console/define-command.ts'

const provider = { name: 'CacheServiceProvider', from: 'limber/cache' }

export const clear = defineCommand({
  name: 'cache clear',
  description: 'Forget what the cache keeps; locks, limits and sessions stay.',
  options: {
    store: text('the store, from config/cache.ts; default: the default one'),
    tag: texts('only what was kept with this tag'),
    dryRun: flag('only say what would be done'),
  },
  needs: ['cache'],
  provider,
})

export const info = defineCommand({
  name: 'cache info',
  description: 'List the stores of the cache, and whether they answer.',
  options: { json: flag('as JSON') },
  needs: ['cache'],
  provider,
})
