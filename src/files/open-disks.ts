/** @module Opens what the configuration says of disks: nothing connects before a file is asked for. */
import type { Application } from '../application/application.ts'
import { checkFilesConfig } from './check-config.ts'
import { Disk } from './disk.ts'
import type { FileStore } from './file-store.ts'
import { Files } from './files.ts'
import { UrlSigner } from './urls/url-signer.ts'

export interface OpenDisks {
  readonly files: Files
  readonly stores: ReadonlyMap<string, FileStore>
  readonly signer: UrlSigner | undefined
}

/** @throws {InvalidFilesConfigError} */
export function openDisks(app: Application): OpenDisks {
  const { disks, default: named, urls } = checkFilesConfig(app.config.find('files'))
  const signer = urls && new UrlSigner(urls, () => app.make('clock'))
  const stores = new Map<string, FileStore>()
  for (const [disk, driver] of Object.entries(disks)) {
    stores.set(disk, driver.open({ disk, appRoot: app.root, sign: signer?.sign.bind(signer, disk) }))
  }
  const opened = [...stores].map(([name, store]) => new Disk(name, store))
  const [first] = [...stores].filter(([name]) => named === undefined || name === named)
  // The configuration was checked: there is one.
  if (!first) throw new Error('There is no disk.')
  return { files: new Files(first, new Map(opened.map((disk) => [disk.name, disk]))), stores, signer }
}
