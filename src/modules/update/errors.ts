/** @module What can go wrong when a module is updated. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { messageOf } from '../../support/message-of.ts'

export class ModuleSourceError extends LimberError {
  readonly code = 'LIMBER_MODULE_SOURCE'
  readonly kind: ErrorKind = 'invalid'

  constructor(source: string, reason: string, hint?: string, cause?: unknown) {
    super(`Nothing can be installed from "${hideLogins(source)}": ${hideLogins(reason)}`, {
      hint:
        hint ??
        'Name the folder of a module, a git repository (a folder, https://… or ssh://…, with #tag), or a .tar, .tar.gz or .tgz file.',
      cause,
    })
  }
}

export class ModuleVersionError extends LimberError {
  readonly code = 'LIMBER_MODULE_VERSION'
  readonly kind: ErrorKind = 'conflict'

  constructor(name: string, version: string, offered: string) {
    super(`"${name}" has the version ${version}, and what was offered is ${offered}: no higher one.`, {
      hint: 'Raise "version" in its module.yaml, or put it in place all the same: --force, or { force: true }.',
    })
  }
}

export class ModuleDependentsError extends LimberError {
  readonly code = 'LIMBER_MODULE_DEPENDENTS'
  readonly kind: ErrorKind = 'conflict'

  /** @param what would happen: `be disabled`, `become 2.0.0` */
  constructor(name: string, what: string, dependents: readonly string[], hint: string) {
    super(`"${name}" cannot ${what}: it is required by ${dependents.join(', ')}.`, { hint })
  }
}

export class ModuleNotReadyError extends LimberError {
  readonly code = 'LIMBER_MODULE_NOT_READY'
  readonly kind: ErrorKind = 'conflict'

  constructor(name: string, lacks: readonly string[], hint: string) {
    super(`"${name}" lacks what it requires: ${lacks.join('; ')}.`, { hint })
  }
}

export class ModuleUpdateBusyError extends LimberError {
  readonly code = 'LIMBER_MODULE_UPDATE_BUSY'
  readonly kind: ErrorKind = 'unavailable'

  constructor(name: string, holder: string) {
    super(`"${name}" is being updated by ${holder}.`, { hint: 'Wait until that has ended, and try again.' })
  }
}

export class ModuleUpdateFailedError extends LimberError {
  readonly code = 'LIMBER_MODULE_UPDATE_FAILED'
  readonly kind: ErrorKind = 'internal'

  /** @param doing what was being done: `migrating` */
  constructor(
    name: string,
    { from, to, doing }: Readonly<Record<'from' | 'to' | 'doing', string>>,
    cause: unknown,
  ) {
    const reason = maskSecrets(messageOf(cause))
    super(`The update of "${name}" from ${from} to ${to} failed while ${doing}: ${reason}`, {
      hint: `Code and database are as they were with ${from}. Put the cause right, and update again.`,
      cause,
    })
  }
}

export class ModuleRestoreError extends LimberError {
  readonly code = 'LIMBER_MODULE_RESTORE'
  readonly kind: ErrorKind = 'internal'

  /** @param backup the folder with the copies */
  constructor(name: string, from: string, backup: string, cause: unknown) {
    super(
      `"${name}" could not be put back to ${from}: ${maskSecrets(messageOf(cause))} Nothing was deleted: the code is in "${backup}/code", the copy of the database beside it.`,
      {
        hint: 'Put the cause right, then run "limber module list" or start the application: it goes on putting back.',
        cause,
      },
    )
  }
}

export class UpdateJournalError extends LimberError {
  readonly code = 'LIMBER_UPDATE_JOURNAL'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, cause: unknown) {
    super(`The journal of an update, "${file}", cannot be read: ${messageOf(cause)}`, {
      hint: 'Look into the folder "backups" beside it for the code and the database before the update, put them in place, and delete the file.',
      cause,
    })
  }
}

export class ConsentNeededError extends LimberError {
  readonly code = 'LIMBER_CONSENT_NEEDED'
  readonly kind: ErrorKind = 'forbidden'

  constructor(name: string, permissions: readonly string[], wasAsked: boolean) {
    const wanted = permissions.join(', ') || 'nothing'
    super(
      wasAsked
        ? `"${name}" was not allowed what it asks for: ${wanted}.`
        : `"${name}" asks for ${wanted}, and nobody can be asked here.`,
      {
        hint: 'Run limber module update or enable on a terminal, or consent: --yes, or { consent } of modules.update().',
      },
    )
  }
}

export class PermissionsListedError extends LimberError {
  readonly code = 'LIMBER_PERMISSIONS_LISTED'
  readonly kind: ErrorKind = 'conflict'

  /** @param added what stands in its manifest only */
  constructor(name: string, added: readonly string[] = []) {
    const more = added.length > 0 ? `, without ${added.join(' and ')}` : ''
    super(
      `What "${name}" may do stands in "modules" of config/app.ts${more}; nothing else can change that.`,
      {
        hint: 'Edit the list there.',
      },
    )
  }
}

/** Hides the whole login of a URL: where git is used, a token often stands in place of the name. */
export function hideLogins(text: string): string {
  return maskSecrets(text).replace(/(\w:\/\/)[^/@\s"]+@/g, '$1****@')
}
