import { memoryStore, throttle } from 'limber/cache'
import { expect, test } from 'vitest'
import { limitsOf, oneRoute, throttled } from './throttled.ts'

/** How many are left for whoever comes next, when these addresses have come through a proxy. */
async function leftAfter(addresses: readonly string[], max = 100): Promise<number[]> {
  const { get } = await throttled(oneRoute({ max }), { http: { trustProxy: true } })
  const left: number[] = []
  for (const address of addresses) {
    const [, remaining] = limitsOf(await get('/', { 'x-forwarded-for': address }))
    left.push(Number(remaining))
  }
  return left
}

test('what a client says of its address is not believed, unless it is a proxy', async () => {
  const { get } = await throttled(oneRoute({ max: 1 }))
  expect((await get('/', { 'x-forwarded-for': '1.2.3.4' })).status).toBe(200)
  expect((await get('/', { 'x-forwarded-for': '5.6.7.8', forwarded: 'for=5.6.7.8' })).status).toBe(429)
})

test('behind one proxy only what that has added is believed', async () => {
  const { get } = await throttled(oneRoute({ max: 1 }), { http: { trustProxy: 1 } })
  expect((await get('/', { 'x-forwarded-for': '9.9.9.9, 1.2.3.4' })).status).toBe(200)
  expect((await get('/', { 'x-forwarded-for': '8.8.8.8, 1.2.3.4' })).status).toBe(429)
  expect((await get('/', { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' })).status).toBe(200)
})

test('an address of IPv4 is the same one when it is written as IPv6, or with a port', async () => {
  const same = ['1.2.3.4', '::ffff:1.2.3.4', '::ffff:102:304', '0:0:0:0:0:FFFF:1.2.3.4', '1.2.3.4:5678']
  expect(await leftAfter([...same, '[::ffff:1.2.3.4]:80'])).toEqual([99, 98, 97, 96, 95, 94])
  expect(await leftAfter(['1.2.3.4', '1.2.3.5', '::1.2.3.4'])).toEqual([99, 99, 99])
})

test('the addresses of one network of IPv6 are one client', async () => {
  const same = [
    '2001:db8:0:1::1',
    '2001:DB8::1:aaaa:bbbb:cccc:dddd',
    '2001:db8:0:1:ffff::',
    '[2001:db8:0:1::9]:443',
    '2001:db8:0:1:0:ffff:102:304',
  ]
  expect(await leftAfter(same)).toEqual([99, 98, 97, 96, 95])
  expect(await leftAfter(['2001:db8:0:1::1', '2001:db8:0:2::1', '::1', 'fe80::1%eth0'])).toEqual([
    99, 99, 99, 99,
  ])
})

test('what a trusted proxy hands on that is no address is counted as it is', async () => {
  expect(await leftAfter(['unknown', 'unknown', '1.2.3', ':::', '[::'])).toEqual([99, 98, 99, 99, 99])
})

test('clients without number leave behind what the store keeps, and nothing else', async () => {
  const { get, http } = await throttled(
    (router) => router.get('/', () => 'in', { guards: [throttle({ max: 1 })] }),
    { driver: memoryStore({ max: 100 }), http: { trustProxy: true } },
  )
  const ask = (index: number) => {
    const address = `10.0.${index >> 8}.${index & 255}`
    return http.inject({ url: '/', headers: { 'x-forwarded-for': address } })
  }
  expect((await ask(0)).statusCode).toBe(200)
  expect((await ask(0)).statusCode).toBe(429)
  const { LIMBER_TEST_DEEP: isDeep } = process.env
  const clients = isDeep ? 10_000 : 1_000
  for (let index = 1; index <= clients; index++) await ask(index)
  expect((await ask(clients)).statusCode).toBe(429)
  // Its count was the first that the store has let go.
  expect((await ask(0)).statusCode).toBe(200)
  expect((await get()).status).toBe(200)
})
