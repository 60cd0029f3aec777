import { describe, expect, it } from 'vitest'
import { runLimber } from '../support/run-limber.ts'

describe('the lists', () => {
  it('limber list shows the commands of limber and of the application', async () => {
    const { code, stdout } = await runLimber(['list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^command +description +of\n/)
    expect(stdout).toMatch(/^doctor +.* +limber$/m)
    expect(stdout).toMatch(/^greet +Greet somebody\. +GreetCommand, commands\[0\] of config\/app$/m)
  })

  it('limber list --json says what each command takes', async () => {
    const { stdout } = await runLimber(['list', '--json'])
    const commands: { name: string }[] = JSON.parse(stdout)
    expect(commands.find(({ name }) => name === 'greet')).toMatchObject({
      description: 'Greet somebody.',
      arguments: [{ name: 'name', required: true, expected: 'a text' }],
      options: [
        { name: '--how-often', default: 1, expected: 'a whole number' },
        { name: '--loud', default: false },
        { name: '--mood', expected: 'one of glad, sad' },
      ],
    })
  })

  it('limber services shows each binding with its lifetime and who bound it', async () => {
    const { stdout } = await runLimber(['services'])
    expect(stdout).toMatch(/^service +lifetime +bound by\n/)
    expect(stdout).toMatch(/^shop\.greeter +singleton +ShopServiceProvider$/m)
  })

  it('limber services --json shows the same', async () => {
    const { stdout } = await runLimber(['services', '--json'])
    const services: unknown = JSON.parse(stdout)
    const greeter = {
      key: 'shop.greeter',
      type: 'name',
      lifetime: 'singleton',
      boundBy: 'ShopServiceProvider',
    }
    expect(services).toContainEqual(greeter)
  })
})
