/** @module Checks `config/auth.ts` before anything is served. */
import type { Application } from '../application/application.ts'
import type { RateLimit } from '../application/ports/rate-limiter.ts'
import type { Fault } from '../errors/limber-error.ts'
import { isTimeSpan, TIME_SPAN } from '../support/time-span.ts'
import type { AuthConfig } from './auth-config.ts'
import { AuthConfigMissingError, InvalidAuthConfigError } from './errors.ts'
import { type LoginLimits, limitOfAddress } from './logins/login-limits.ts'
import { faultsOfJwt } from './tokens/jwt-faults.ts'

/** @throws {AuthConfigMissingError} @throws {InvalidAuthConfigError} with every fault */
export function checkConfig(app: Application): void {
  const config = app.config.find('auth')
  if (!config) throw new AuthConfigMissingError()
  const faults = [
    ...faultsOfProviders(config),
    ...(config.jwt ? faultsOfJwt(config.jwt) : []),
    ...(config.login ? faultsOfLogin(config.login, app.has('limiter')) : []),
  ]
  if (faults.length > 0) throw new InvalidAuthConfigError(faults)
}

function faultsOfProviders({ users, apiKeys }: AuthConfig): Fault[] {
  const faults: Fault[] = []
  if (!has(users, ['idOf', 'findById', 'findByLogin', 'passwordHashOf', 'changePasswordHash'])) {
    faults.push({
      path: 'users',
      message: 'It is no user provider. Give one, such as modelUsers({ … }) of limber/database.',
    })
  }
  if (apiKeys !== undefined && !has(apiKeys, ['find', 'add'])) {
    faults.push({
      path: 'apiKeys',
      message: 'It keeps no keys. Give a provider, such as modelApiKeys({ … }) of limber/database.',
    })
  }
  return faults
}

function faultsOfLogin(limits: LoginLimits, hasLimiter: boolean): Fault[] {
  const faults = [
    ...faultsOfLimit('login', limits),
    ...faultsOfLimit('login.address', limitOfAddress(limits)),
  ]
  if (hasLimiter) return faults
  const message =
    'Nothing counts the logins. Add CacheServiceProvider of limber/cache to "providers" in config/app.ts.'
  return [...faults, { path: 'login', message }]
}

function faultsOfLimit(path: string, { max, window }: RateLimit): Fault[] {
  const faults: Fault[] = []
  if (!Number.isSafeInteger(max) || max < 1)
    faults.push({ path: `${path}.max`, message: `${max} is no whole number from 1 on.` })
  if (!isTimeSpan(window)) faults.push({ path: `${path}.window`, message: `${window} is not ${TIME_SPAN}.` })
  return faults
}

function has(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return methods.every((name) => typeof Reflect.get(value, name) === 'function')
}
