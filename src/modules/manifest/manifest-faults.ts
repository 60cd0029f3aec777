/** @module The faults of one manifest, each with its line. */
import type { Fault } from '../../errors/limber-error.ts'
import { shown, type YamlNode } from '../../yaml/yaml-node.ts'

export class ManifestFaults {
  readonly all: Fault[] = []
  readonly #place: string

  /** @param place of the file, from the root */
  constructor(place: string) {
    this.#place = place
  }

  add(line: number, message: string): void {
    this.all.push({ path: `${this.#place}:${line}`, message })
  }

  /** @param expected as a sentence goes on: `a text` */
  addWrong(line: number, property: string, node: YamlNode, expected: string): void {
    this.add(line, `"${property}" is ${shown(node)}; it has to be ${expected}.`)
  }
}
