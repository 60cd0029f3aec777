import { Config, ConfigKeyNotFoundError } from 'limber'
import { describe, expect, test } from 'vitest'
import { thrown } from '../container/print-shop.ts'

const config = new Config({ app: { name: 'shop', providers: [] }, log: { level: undefined } })

describe('the configuration', () => {
  test('is read by section and by path', () => {
    expect(config.get('app')).toEqual({ name: 'shop', providers: [] })
    expect(config.get('app.name')).toBe('shop')
  })

  test('knows what is there, a value of undefined included', () => {
    expect([config.has('app.name'), config.has('app.routes'), config.has('log.level')]).toEqual([
      true,
      false,
      true,
    ])
    expect([config.find('app.name'), config.find('app.routes')]).toEqual(['shop', undefined])
  })

  test('names the part of a path that is missing, and the nearest that is there', () => {
    const error = thrown(() => config.get('app.nmae' as 'app.name'))
    expect(error).toBeInstanceOf(ConfigKeyNotFoundError)
    expect(error).toMatchObject({
      message: 'The configuration has no "app.nmae": "nmae" is not there.',
      hint: 'Did you mean "name"?',
    })
  })

  test('lists what is there when nothing is near', () => {
    expect(thrown(() => config.get('app.favourite' as 'app'))).toHaveProperty(
      'hint',
      'Known here: name, providers.',
    )
    expect(thrown(() => config.get('app.name.first' as 'app'))).toHaveProperty('hint', 'Known here: nothing.')
  })

  test('does not take what every object inherits for a setting', () => {
    expect(thrown(() => config.get('app.toString' as 'app'))).toBeInstanceOf(ConfigKeyNotFoundError)
  })
})
