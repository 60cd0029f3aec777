import { type Application, ServiceProvider } from 'limber'
import { CommandConflictError } from 'limber/bot'
import type { ModuleProvider } from 'limber/modules'
import { expect, test } from 'vitest'
import { type ModuleFiles, withModules, writeModule } from '../../support/module-folder.ts'
import { partOwner } from '../../support/part-owner.ts'
import { HandlersPart, HandlerTable, type PartOwner } from './internals.ts'
import { messageOf } from './updates.ts'

/** What stands in the place of the bot: a table, and a note of who has gone. */
class Host {
  readonly table = new HandlerTable()
  readonly gone: string[] = []

  add(handlers: Parameters<HandlerTable['add']>[0], owner: PartOwner) {
    const remove = this.table.add(handlers)
    return async () => {
      remove()
      this.gone.push(owner.name)
    }
  }

  get names(): string[] {
    return this.table.handlers.map(({ name, module }) => `${module}: ${name}`)
  }
}

const hosts = new WeakMap<Application, Host>()

class HandlersProvider extends ServiceProvider {
  override register() {
    const host = new Host()
    hosts.set(this.app, host)
    this.app.singleton('handlers.part' as 'app', () => new HandlersPart(this.app, host) as never)
    this.app.tag('module part', 'handlers.part' as never)
  }
}

const PERMISSION = 'permissions: [use_bot]'
const handlers = (command: string, more = ''): ModuleFiles => ({
  manifest: PERMISSION,
  files: {
    'handlers.ts': `
import { type IncomingMessage, MessageHandler } from 'limber/bot'
export const WORD = '${command}'
export class Say extends MessageHandler {
  static commands = ['${command}']
  handle(message: IncomingMessage) { message.reply(WORD) }
}
${more}`,
  },
})

async function booted(modules: Readonly<Record<string, ModuleFiles>>) {
  const world = await withModules(modules, { providers: [HandlersProvider], database: 'none' })
  await world.app.boot()
  // The first one waits for the modules.
  await world.app.scope(() => undefined)
  const host = hosts.get(world.app)
  if (!host) throw new Error('There is no host.')
  return { ...world, host, modules: world.app.make('modules') }
}

/** What a message is replied. */
async function ask(app: Application, host: Host, text: string): Promise<unknown> {
  const { message, replies } = messageOf({ text })
  const handler = await host.table.match(message, async () => undefined)
  await app.scope(() => handler?.run(message), { module: handler?.module })
  return replies.calls[0]?.payload.text
}

test('handlers of modules come and go, and are read anew', async () => {
  const { app, root, host, modules } = await booted({ shop: handlers('one'), bank: handlers('two') })
  expect(host.names.toSorted()).toEqual(['bank: Say', 'shop: Say'])
  expect(host.table.handlers.find(({ module }) => module === 'shop')?.place).toBe('modules/shop/handlers.ts')
  expect(await ask(app, host, '/one')).toBe('one')
  await modules.unload('shop')
  expect([host.names, host.gone]).toEqual([['bank: Say'], ['shop']])
  expect(await ask(app, host, '/one')).toBeUndefined()
  writeModule(root, 'shop', handlers('three'))
  await modules.load('shop')
  expect(await ask(app, host, '/one')).toBeUndefined()
  expect(await ask(app, host, '/three')).toBe('three')
  writeModule(root, 'shop', handlers('four'))
  await modules.reload('shop')
  expect(await ask(app, host, '/four')).toBe('four')
  expect(host.gone).toEqual(['shop', 'shop'])
})

test('methods of the provider are handlers, on the provider itself', async () => {
  const { app, host, modules } = await booted({
    shop: {
      manifest: PERMISSION,
      files: {
        'base.ts': `
import { command, type IncomingMessage } from 'limber/bot'
import { ModuleProvider } from 'limber/modules'
export class Base extends ModuleProvider {
  sold = 0
  @command('sold')
  answer(message: IncomingMessage) { message.reply(String(this.sold)) }
}`,
        'provider.ts': `
import { allowedFor, command, type IncomingMessage } from 'limber/bot'
import { Base } from './base.ts'
export class Shop extends Base {
  @command('sell') @allowedFor('owner')
  sell(message: IncomingMessage) { this.sold += 1; message.reply(this.manifest.name) }
}`,
      },
    },
  })
  expect(host.names).toEqual(['shop: Shop.answer', 'shop: Shop.sell'])
  expect(await ask(app, host, '/sell')).toBe('shop')
  expect(await ask(app, host, '/sold')).toBe('1')
  const provider: ModuleProvider & { sold?: number } = modules.get('shop')
  expect(provider.sold).toBe(1)
})

test('a provider and files of handlers stand beside each other, with classes of decorated methods', async () => {
  const { app, host } = await booted({
    shop: {
      manifest: PERMISSION,
      files: {
        'provider.ts': `
import { command, type IncomingMessage } from 'limber/bot'
import { ModuleProvider } from 'limber/modules'
export class Shop extends ModuleProvider {
  @command('own')
  own(message: IncomingMessage) { message.reply('own') }
}`,
        'handlers/sales.ts': `
import { inject, injectable } from 'limber'
import { command, type IncomingMessage } from 'limber/bot'
import { Config } from 'limber'
export { Shop } from '../provider.ts'
@injectable()
export class Sales {
  constructor(@inject('config') private readonly config: Config) {}
  @command('name')
  name(message: IncomingMessage) { message.reply(this.config.get('app.name')) }
}`,
      },
    },
  })
  expect(host.names).toEqual(['shop: Shop.own', 'shop: Sales.name'])
  expect(await ask(app, host, '/name')).toBe('test')
  expect(await ask(app, host, '/own')).toBe('own')
})

/** Why a module is not there. */
async function failure(files: ModuleFiles, other?: ModuleFiles) {
  const { host, modules, warnings } = await booted({ ...(other && { bank: other }), shop: files })
  const shop = modules.list().find(({ name }) => name === 'shop')
  return { host, state: shop?.state, said: warnings().join('\n') }
}

test('handlers need the permission use_bot', async () => {
  const { host, state, said } = await failure({ ...handlers('one'), manifest: '' })
  expect(state).toBe('failed')
  expect(said).toContain('it needs the permission use_bot')
  const standing = {
    files: {
      'provider.ts': `
import { command } from 'limber/bot'
import { ModuleProvider } from 'limber/modules'
export class Shop extends ModuleProvider {
  @command('one')
  one() {}
}`,
    },
  }
  expect((await failure(standing)).said).toContain('it needs the permission use_bot')
  expect(host.names).toEqual([])
})

test('a module whose command another one has does not come, and the other one lives', async () => {
  const { host, state, said } = await failure(handlers('one'), handlers('one'))
  expect(state).toBe('failed')
  expect(said).toContain(
    '/one of Say (module "shop", modules/shop/handlers.ts) is already taken by Say (module "bank", modules/bank/handlers.ts).',
  )
  expect(host.names).toEqual(['bank: Say'])
})

test('a file without a handler, and a wrong one, are named', async () => {
  const empty = { manifest: PERMISSION, files: { 'handlers/none.ts': 'export const WORD = 1' } }
  expect((await failure(empty)).said).toContain('modules/shop/handlers/none.ts exports no handler.')
  const wrong = handlers('one', 'export class Wrong extends Say { static override commands = ["/one"] }')
  const { host, said } = await failure(wrong)
  expect(said).toContain('Wrong in modules/shop/handlers.ts cannot be a handler: its commands is ["/one"]')
  expect(host.names).toEqual([])
})

test('a conflict leaves nothing of the part behind', async () => {
  const { app, host } = await booted({ bank: handlers('one') })
  const part = app.tagged('module part').find(({ name }) => name === 'handlers')
  const bank = host.table.handlers[0]
  const exports = { Bank: class {} }
  expect(part?.permission).toBe('use_bot')
  await expect(part?.add(partOwner('shop'), [{ path: 'modules/shop/handlers.ts', exports }])).rejects.toThrow(
    'modules/shop/handlers.ts exports no handler.',
  )
  expect(() => host.table.add(bank ? [bank] : [])).toThrow(CommandConflictError)
  expect(host.names).toEqual(['bank: Say'])
})
