/** @module Refuses values of config/files.ts that would fail later. */
import type { Fault } from '../errors/limber-error.ts'
import { faultsOfSecrets } from '../support/secrets.ts'
import { InvalidFilesConfigError } from './errors.ts'
import type { FilesConfig, UrlsConfig } from './files-config.ts'

/** @throws {InvalidFilesConfigError} with every fault */
export function checkFilesConfig(config: FilesConfig | undefined): FilesConfig {
  const faults = config ? [...faultsOfDisks(config), ...faultsOfUrls(config.urls)] : [missing()]
  if (!config || faults.length > 0) throw new InvalidFilesConfigError(faults)
  return config
}

function missing(): Fault {
  const message = "Nothing says where files are kept: disks: { local: localDisk({ root: 'storage/files' }) }."
  return { path: 'disks', message }
}

function faultsOfDisks({ disks, default: named }: FilesConfig): Fault[] {
  const names = Object.keys(disks ?? {})
  if (names.length === 0) return [missing()]
  const faults = Object.entries(disks).flatMap(([name, disk]) =>
    disk.faults().map(({ path, message }) => ({ path: `disks.${name}.${path}`, message })),
  )
  if (named === undefined && names.length > 1) {
    const message = `There are ${names.length} disks, and none is the default. Name one of them: ${names.join(', ')}.`
    faults.push({ path: 'default', message })
  }
  if (named !== undefined && !names.includes(named)) {
    faults.push({ path: 'default', message: `There is no disk "${named}"; there is ${names.join(', ')}.` })
  }
  return faults
}

function faultsOfUrls(urls: UrlsConfig | undefined): Fault[] {
  if (!urls) return []
  const faults = faultsOfSecrets('urls.secret', urls.secret ?? [])
  if (urls.path !== undefined && !/^(\/[\w.~-]+)+$/.test(urls.path)) {
    const message = `"${urls.path}" is no path that files could be under. Write one such as "/files".`
    faults.push({ path: 'urls.path', message })
  }
  if (urls.origin !== undefined) faults.push(...faultsOfUrl('urls.origin', urls.origin))
  return faults
}

export function faultsOfUrl(path: string, url: string): Fault[] {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return []
  return [{ path, message: `${JSON.stringify(url)} is no URL that begins with http:// or https://.` }]
}
