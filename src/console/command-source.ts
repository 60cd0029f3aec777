/** @module Commands that come from elsewhere than `config/app.ts`, such as modules. Bind it and tag it `commands`. */
import type { CommandClass } from './command.ts'

export interface OfferedCommand {
  readonly type: CommandClass
  /** Whose command it is, for lists and messages: `module shop`. */
  readonly origin: string
  /** The module on whose behalf it runs. */
  readonly module?: string
}

export interface CommandSource {
  commands(): readonly OfferedCommand[]
}

declare module '../container/services.ts' {
  interface Tags {
    commands: CommandSource
  }
}
