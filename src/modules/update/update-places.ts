/** @module Where an update puts what: the names are the same for every update of a module, so that the next start finds them. */
import path from 'node:path'

export interface UpdatePlaces {
  readonly journal: string
  readonly lock: string
  /** Of all copies of the module. */
  readonly backups: string
  /** What was fetched: beside the folder of the module, where discovery passes over names with a dot. */
  readonly fetched: string
  /** What is going to be the folder of the module. */
  readonly next: string
  /** What has been the folder of the module. */
  readonly previous: string
}

/** @param storage the folder of what belongs to modules, absolute */
export function placesOf(storage: string, name: string, folder: string): UpdatePlaces {
  const beside = (ending: string) => path.join(path.dirname(folder), `.${path.basename(folder)}.${ending}`)
  return {
    journal: path.join(journalsIn(storage), `${name}.json`),
    lock: path.join(storage, 'locks', `${name}.lock`),
    backups: path.join(storage, 'backups', name),
    fetched: beside('fetched'),
    next: beside('next'),
    previous: beside('previous'),
  }
}

export function journalsIn(storage: string): string {
  return path.join(storage, 'updates')
}
