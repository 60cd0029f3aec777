import { Container, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { Ink, thrown } from './print-shop.ts'

describe('call()', () => {
  test('calls a function with the services it names, in their order', () => {
    class Paper {}
    const container = new Container()
    container.instance('print.ink', new Ink('red'))
    const result = container.call(['print.ink', Paper], (ink, paper) => [ink.colour, paper instanceof Paper])
    expect(result).toEqual(['red', true])
  })
})

describe('the inversify container inside', () => {
  test('gives what is bound there to make() and to classes', () => {
    @injectable()
    class Printer {
      constructor(@inject('print.ink') readonly ink: Ink) {}
    }
    const container = new Container()
    container.raw.bind('print.ink').toConstantValue(new Ink('raw'))
    expect(container.make('print.ink').colour).toBe('raw')
    expect(container.make(Printer).ink.colour).toBe('raw')
  })

  test('gives what is bound outside', () => {
    const container = new Container()
    container.instance('print.ink', new Ink('ours'))
    expect(container.raw.get<Ink>('print.ink').colour).toBe('ours')
  })
})

describe('while a provider registers', () => {
  test.each(['make', 'tagged', 'call'] as const)('%s() is refused and names the provider', (verb) => {
    const container = new Container()
    container.instance('print.ink', new Ink())
    const verbs = {
      make: () => container.make('print.ink'),
      tagged: () => container.tagged('stock'),
      call: () => container.call(['print.ink'], (ink) => ink),
    }
    const error = thrown(() => container.registering('InkServiceProvider', verbs[verb]))
    expect(error).toHaveProperty('code', 'LIMBER_MADE_WHILE_REGISTERING')
    expect(error).toHaveProperty('message', expect.stringContaining('InkServiceProvider'))
    expect(container.make('print.ink')).toBeInstanceOf(Ink)
  })
})
