/** @module The files of local disks, for whoever has a signed URL. */
import type { ServedFile, ServedFiles } from '../../application/ports/served-files.ts'
import { mayBeShown } from '../content-type.ts'
import { InvalidFileUrlError } from '../errors.ts'
import { checkKey } from '../file-key.ts'
import type { FileStore } from '../file-store.ts'
import { LocalStore } from '../local/local-store.ts'
import { attachment, nameOf } from './disposition.ts'
import type { SignedFile, UrlSigner } from './url-signer.ts'

export class ServedLocalFiles implements ServedFiles {
  readonly #signer: UrlSigner
  readonly #stores: ReadonlyMap<string, FileStore>

  constructor(signer: UrlSigner, stores: ReadonlyMap<string, FileStore>) {
    this.#signer = signer
    this.#stores = stores
  }

  get path(): string {
    return this.#signer.path
  }

  async open(url: string): Promise<ServedFile> {
    const file = this.#signer.verify(url)
    const store = this.#stores.get(file.disk)
    // A disk of the configuration of yesterday.
    if (!(store instanceof LocalStore)) throw new InvalidFileUrlError()
    checkKey(file.key)
    const { content, metadata } = await store.open(file.key)
    const contentType = file.contentType ?? metadata.contentType
    return { content, ...metadata, contentType, disposition: dispositionOf(file, contentType) }
  }
}

/** What could run in the origin of the application is saved, and never shown. */
function dispositionOf({ key, download }: SignedFile, contentType: string): string {
  if (download === undefined && mayBeShown(contentType)) return 'inline'
  return attachment(download || nameOf(key))
}
