/** @module Port: something more that `limber doctor` looks at. Bind it and tag it `doctor`. */

export interface DoctorCheck {
  /** As it is listed. */
  readonly name: string
  /**
   * Gives a note for people.
   *
   * @throws what is wrong; several errors as one AggregateError
   */
  examine(): string | undefined | Promise<string | undefined>
}

declare module '../../container/services.ts' {
  interface Tags {
    doctor: DoctorCheck
  }
}
