/** @module `limber doctor`. */
import { inject, injectable } from 'inversify'
import { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../command.ts'
import { CommandRegistry } from '../command-registry.ts'
import { Doctor } from '../doctor/doctor.ts'
import { exitCodes } from '../exit-codes.ts'
import { Output } from '../output.ts'
import { doctorDefinition } from './definitions.ts'

@injectable()
export class DoctorCommand implements Command<typeof doctorDefinition> {
  static readonly definition = doctorDefinition

  constructor(
    @inject('app') private readonly app: Application,
    @inject('commands') private readonly commands: CommandRegistry,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof doctorDefinition>): Promise<number> {
    const findings = await new Doctor(this.app, this.commands).examine()
    const isHealthy = findings.every(({ faults }) => faults.length === 0)
    if (options.json) this.output.json({ ok: isHealthy, checks: findings })
    else {
      for (const { check, note, isSkipped, faults } of findings) {
        const state = isSkipped ? 'skip ' : faults.length === 0 ? 'ok   ' : 'fault'
        this.output.line(`${state}  ${check}${note ? `: ${note}` : ''}`)
        for (const fault of faults) this.output.line(fault.text.replace(/^/gm, '       '))
      }
    }
    return isHealthy ? exitCodes.ok : exitCodes.failure
  }
}
