/**
 * @module The section of a game from the documentation of easy_tbot, without the bot around it: `DB` in the settings, models
 * that are found in the folder of the section, and a unit of work that creates a profile.
 */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

const files = {
  'package.json': '{ "type": "module" }',
  'config/app.ts': `
import { defineApp } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
import { ModulesServiceProvider } from 'limber/modules'

export default defineApp({
  name: 'chat-wars',
  providers: [DatabaseServiceProvider, ModulesServiceProvider],
  modules: [{ folder: 'sections/game', permissions: ['use_app_db'] }],
})`,
  'config/database.ts': `
import { defineDatabase, fromUrl } from 'limber/database'

export default defineDatabase({ default: 'main', connections: { main: fromUrl('sqlite:./sqlite.db') } })`,
  'sections/game/module.yaml': 'name: game\nversion: 1.0.0\npermissions: [use_app_db]\n',
  'sections/game/models/user-game-profile.ts': `
import { KeyedModel } from 'limber/database'
import { Entity, type Opt, PrimaryKey, Property } from 'limber/database/mapping'

/** A sample purpose model. */
@Entity({ tableName: 'test' })
export class UserGameProfile extends KeyedModel {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number

  @Property()
  playerTitle: string & Opt = 'turtle egg'

  @Property()
  level: number & Opt = 0
}`,
  'sections/game/commands/create-profile.ts': `
import { inject, injectable } from 'limber'
import { type Command, type CommandInput, defineCommand, integer, Output } from 'limber/console'
import { sessionScope } from 'limber/database'
import { UserGameProfile } from '../models/user-game-profile.ts'

const definition = defineCommand({
  name: 'create_profile',
  description: 'Create the profile of a player.',
  arguments: { user: integer('the number of the user', { required: true }) },
})

@injectable()
export class CreateProfile implements Command<typeof definition> {
  static readonly definition = definition
  constructor(@inject('output') private readonly output: Output) {}

  async run({ args }: CommandInput<typeof definition>) {
    await sessionScope(async (session) => {
      const profile = await session.findOne(UserGameProfile, args.user)
      if (profile === null) session.create(UserGameProfile, { id: args.user })
    })
    this.output.line('done')
  }
}`,
}

test('a section has models, which the migrations of the application know, and commands', async () => {
  const cwd = appFolder(files)
  const limber = async (...argv: string[]) => {
    const { code, stdout, stderr } = await runLimber(argv, { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }
  await limber('db', 'makemigrations', '--message', 'create profiles')
  await limber('db', 'migrate')

  expect(await limber('create_profile', '77')).toBe('done\n')
  expect(await limber('create_profile', '77')).toBe('done\n')

  const database = new DatabaseSync(path.join(cwd, 'sqlite.db'))
  expect(database.prepare('select * from test').all()).toEqual([
    { id: 77, player_title: 'turtle egg', level: 0 },
  ])
  database.close()
  expect(await limber('list')).toMatch(/create_profile.*module game/)
}, 120_000)
