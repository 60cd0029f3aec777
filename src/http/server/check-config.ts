/** @module Refuses values of config/http.ts that would fail deep inside of Node, or later and silently. */
import { isIP } from 'node:net'
import type { Fault } from '../../errors/limber-error.ts'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import type { HttpConfig } from '../http-config.ts'
import { faultsOfPlugins } from '../plugins/faults.ts'
import { InvalidHttpConfigError } from './errors.ts'
import { DEFAULT_LIMITS } from './limits.ts'

/** Numbers that have to be more than 0. */
const POSITIVE = new Set([
  'bodyLimit',
  'maxHeaderSize',
  'maxParamLength',
  'headersTimeout',
  'keepAliveTimeout',
  // No check would ever pass.
  'health.timeout',
])

/** Names of networks that stand for addresses. */
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal'])

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/

/** @throws {InvalidHttpConfigError} with every fault */
export function checkHttpConfig(config: HttpConfig): void {
  const ours = [...numbers(config), ...timeouts(config), ...proxies(config), ...others(config)]
  const faults = [...ours, ...faultsOfPlugins(config)]
  if (faults.length > 0) throw new InvalidHttpConfigError(faults)
}

function numbers(config: HttpConfig): Fault[] {
  const health = config.health || {}
  const values: Record<string, unknown> = {
    ...Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, Reflect.get(config, name)])),
    drainDelay: config.drainDelay,
    drainTimeout: config.drainTimeout,
    'health.timeout': health.timeout,
    'health.cache': health.cache,
  }
  return Object.entries(values).flatMap(([path, value]) => {
    const least = POSITIVE.has(path) ? 1 : 0
    const fits = Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= LONGEST_TIMER
    if (value === undefined || fits) return []
    return [
      {
        path,
        message: `It is ${shown(value)}, but has to be a whole number from ${least} to ${LONGEST_TIMER}.`,
      },
    ]
  })
}

function timeouts(config: HttpConfig): Fault[] {
  return [...headersBeforeRequest(config), ...timeToStop(config)]
}

/** The times are waited for as one. */
function timeToStop({ drainDelay = 0, drainTimeout = 0 }: HttpConfig): Fault[] {
  if (Math.max(drainDelay, drainTimeout) > LONGEST_TIMER || !(drainDelay + drainTimeout > LONGEST_TIMER))
    return []
  const message = `It is ${drainTimeout}, but must not be more than ${LONGEST_TIMER} together with drainDelay.`
  return [{ path: 'drainTimeout', message }]
}

/** Node refuses this pair itself, without saying where it comes from. */
function headersBeforeRequest(config: HttpConfig): Fault[] {
  const { headersTimeout, requestTimeout = DEFAULT_LIMITS.requestTimeout } = config
  if (!(Number(requestTimeout) > 0 && Number(headersTimeout) > Number(requestTimeout))) return []
  const message = `It is ${headersTimeout}, but must not be longer than requestTimeout, which is ${requestTimeout}.`
  return [{ path: 'headersTimeout', message }]
}

function proxies({ trustProxy }: HttpConfig): Fault[] {
  if (trustProxy === undefined || typeof trustProxy === 'boolean') return []
  if (typeof trustProxy === 'number') {
    if (Number.isSafeInteger(trustProxy) && trustProxy >= 0) return []
    return [{ path: 'trustProxy', message: `It is ${trustProxy}, but a count of proxies is a whole number.` }]
  }
  return listOf(trustProxy)
    .filter((text) => !isNetwork(text))
    .map((text) => ({ path: 'trustProxy', message: `"${text}" is no address and no network.` }))
}

/** A text may name several, in a list as well. */
export function listOf(proxies: string | readonly string[]): string[] {
  return [proxies].flat().flatMap((text) =>
    String(text)
      .split(',')
      .map((one) => one.trim()),
  )
}

/** A network of everybody is not one of proxies. */
function isNetwork(text: string): boolean {
  if (NETWORKS.has(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function others({ requestIdHeader, health }: HttpConfig): Fault[] {
  const faults: Fault[] = []
  if (typeof requestIdHeader === 'string' && !HEADER_NAME.test(requestIdHeader)) {
    faults.push({
      path: 'requestIdHeader',
      message: `${shown(requestIdHeader)} is not the name of a header.`,
    })
  }
  for (const name of ['live', 'ready'] as const) {
    const path = health === false ? undefined : health?.[name]
    if (path !== undefined && !String(path).startsWith('/')) {
      faults.push({ path: `health.${name}`, message: `${shown(path)} does not start with a slash.` })
    }
  }
  return faults
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
