/** @module Names that are versions: those of the migrations of modules. */
import { loadFeature } from '../../../support/load-feature.ts'
import { compareText, isMeant, type MigrationNaming } from './migration-naming.ts'

const FILE = /^(\d.*)(?<!\.d)\.(ts|js)$/
/** Such as v1.0.0.ts: nobody calls anything else like that. */
const WITH_VERSION = /\d\.\d.*(?<!\.d)\.[cm]?[jt]s$/
/** In the ledger of a database whose tables were made from the models. */
const FROM_MODELS = /^models@(.+)$/

/** The row that tells of which version the models were that the tables were made from. */
export function modelsRow(version: string): string {
  return `models@${version}`
}

/** The version of such a row. */
export function versionOfModels(row: string): string | undefined {
  return FROM_MODELS.exec(row)?.[1]
}

/**
 * Gives the naming of the migrations of a module: `1.10.0.ts` comes after `1.9.0.ts`, and `2.0.0-beta.1.ts` before `2.0.0.ts`.
 *
 * @param version that of its manifest, up to which they are applied
 * @throws {PackageMissingError} without the package "semver"
 */
export async function versionNaming(version: string): Promise<MigrationNaming> {
  const { default: semver } = await loadFeature('semver', 'a module with migrations', () => import('semver'))
  const isVersion = (name: string) => semver.valid(name) !== null
  const isUpTo = (name: string, last: string) => isVersion(name) && semver.compare(name, last) <= 0
  return {
    nameOf(file) {
      const name = FILE.exec(file)?.[1]
      return name !== undefined && isVersion(name) ? name : undefined
    },
    isMeant: (file) => isMeant(file) || WITH_VERSION.test(file),
    hint: 'Call it after the version of the module that needs it: 1.2.0.ts, or 2.0.0-beta.1.ts.',
    compare: (a, b) => {
      // Whatever else stands in a ledger comes first.
      if (!isVersion(a) || !isVersion(b))
        return Number(isVersion(a)) - Number(isVersion(b)) || compareText(a, b)
      return semver.compareBuild(a, b)
    },
    begins: (name, written) => name.startsWith(written) && /^([.+-]|$)/.test(name.slice(written.length)),
    // What stands behind the plus does not make it another version.
    squashName: (last, words) => `${last.replace(/\+.*/, '')}+${words.join('-')}`,
    limit: { version, includes: (name) => isUpTo(name, version) },
    covers(row, name) {
      const from = versionOfModels(row)
      return from !== undefined && isVersion(from) && isUpTo(name, from)
    },
  }
}
