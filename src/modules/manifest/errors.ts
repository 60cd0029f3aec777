/** @module What can go wrong before any code of a module is imported. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'
import { fewOf, firstOf } from '../../yaml/faults.ts'

export class ModuleManifestError extends LimberError {
  readonly code = 'LIMBER_MODULE_MANIFEST'
  readonly kind: ErrorKind = 'invalid'
  /** What the module is named, as far as that can be told. */
  readonly module: string | undefined

  constructor(faults: readonly Fault[], module?: string, cause?: unknown) {
    super(firstOf(faults), {
      faults: fewOf(faults),
      hint: 'Correct module.yaml; docs/modules.md lists what it may say.',
      cause,
    })
    this.module = module
  }
}

export class ModuleFolderError extends LimberError {
  readonly code = 'LIMBER_MODULE_FOLDER'
  readonly kind: ErrorKind = 'invalid'

  /** As the configuration names it, or from the root. */
  readonly folder: string

  constructor(folder: string, reason: string, hint: string, cause?: unknown) {
    super(`"${folder}" cannot be taken as a module: ${reason}`, { hint, cause })
    this.folder = folder
  }
}

export class ModuleNameTakenError extends LimberError {
  readonly code = 'LIMBER_MODULE_NAME_TAKEN'
  readonly kind: ErrorKind = 'conflict'

  /** @param places of the names: `modules/shop/module.yaml:1` */
  constructor(name: string, places: readonly string[]) {
    super(`${places.length} modules are named "${name}": ${places.join(', ')}. None of them is loaded.`, {
      faults: places.map((path) => ({ path, message: `this module is named "${name}".` })),
      hint: 'Give each module a name of its own, and its folder the same; or take all but one away.',
    })
  }
}

export class ModuleRequirementError extends LimberError {
  readonly code = 'LIMBER_MODULE_REQUIREMENT'
  readonly kind: ErrorKind = 'unavailable'

  /** @param faults each with the place of the requirement: `modules/shop/module.yaml:7` */
  constructor(faults: readonly Fault[]) {
    super(firstOf(faults), {
      faults,
      hint: 'Add or correct the modules that are required, or change the requirement in module.yaml.',
    })
  }
}

export class ModulePackageError extends LimberError {
  readonly code = 'LIMBER_MODULE_PACKAGE'
  readonly kind: ErrorKind = 'unavailable'

  /** @param packages what to install: `zod@^4` */
  constructor(faults: readonly Fault[], packages: readonly string[]) {
    super(firstOf(faults), { faults, hint: `Run: npm install ${packages.map(asArgument).join(' ')}` })
  }
}

/** Shells take `>` and `|` of a range for their own. */
function asArgument(text: string): string {
  return /^[\w@/.^~+-]+$/.test(text) ? text : `"${text}"`
}
