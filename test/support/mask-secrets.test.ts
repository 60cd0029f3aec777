import { maskSecrets, maskValue } from 'limber'
import { expect, test } from 'vitest'

test.each([
  ['postgres://ada:s3cret@localhost/app', 'postgres://ada:****@localhost/app'],
  ['redis://:s3cret@localhost', 'redis://:****@localhost'],
  ['mysql://ada:s3@cr@et@localhost/app', 'mysql://ada:****@localhost/app'],
  ['mysql://ada:s3/cret@localhost/app', 'mysql://ada:****@localhost/app'],
  ['https://shop.test/?token=s3cret&page=2', 'https://shop.test/?token=****&page=2'],
  ['postgres://localhost/app?password=s3cret', 'postgres://localhost/app?password=****'],
  ['from a://u:s3cret@x to b://v:s3cret@y', 'from a://u:****@x to b://v:****@y'],
])('the secret in %s is masked', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})

test.each(['sqlite:storage/limber.sqlite', 'http://localhost:3000/books', 'mail ada@shop.test at 12:30'])(
  '%s is left as it is',
  (text) => {
    expect(maskSecrets(text)).toBe(text)
  },
)

test('a long text is searched once, whatever it looks like', () => {
  for (const part of ['x', 'a://', 'a://b:', 'a://b:c@ ', '?token=']) {
    const text = part.repeat(200_000)
    expect(maskSecrets(text).length).toBeGreaterThan(0)
  }
})

test.each(['DB_PASSWORD', 'APP_SECRET', 'apiKey', 'API_KEY', 'GITHUB_TOKEN'])(
  'the value of %s is masked',
  (name) => {
    expect(maskValue(name, 'abc')).toBe('****')
  },
)

test('other values are shown, apart from the secrets in them', () => {
  expect(maskValue('APP_NAME', 'shop')).toBe('shop')
  expect(maskValue('DATABASE_URL', 'postgres://ada:s3cret@localhost/app')).toBe(
    'postgres://ada:****@localhost/app',
  )
})
