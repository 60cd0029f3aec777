import { Application } from 'limber'
import { expect, test } from 'vitest'
import { Ink } from '../container/print-shop.ts'
import { bootedApplication } from './booted-application.ts'

test('two applications in one process keep their services, scopes and configuration apart', async () => {
  const shop = (colour: string) => {
    const provider = (app: Application) => ({
      register: () => {
        app.singleton('print.ink', () => new Ink(colour))
        app.scoped('print.order', () => ({ colour }))
      },
      boot: () => undefined,
    })
    return new Application({
      root: '.',
      config: { app: { name: colour, providers: [] } },
      providers: [provider],
    }).boot()
  }
  const [red, blue] = await Promise.all([shop('red'), shop('blue')])
  expect([red.make('print.ink').colour, blue.make('print.ink').colour]).toEqual(['red', 'blue'])
  expect([red.config.get('app.name'), blue.config.get('app.name')]).toEqual(['red', 'blue'])
  await red.scope(async () => {
    const order = red.make('print.order')
    await blue.scope(async () => {
      expect(blue.make('print.order')).toEqual({ colour: 'blue' })
      expect(red.make('print.order')).toBe(order)
    })
  })
})

test('stopping one application leaves the other running', async () => {
  const [one, two] = [
    await bootedApplication(),
    await bootedApplication((app) => app.instance('print.size', 3)),
  ]
  await one.stop()
  expect(await two.scope(() => two.make('print.size'))).toBe(3)
})
