/** @module Declares the key of `Model`. The class stays free of decorators: configuration imports it without the ORM. */
import { PrimaryKey } from '@mikro-orm/decorators/legacy'
import { Model } from './model.ts'

PrimaryKey({ type: 'integer' })(Model.prototype, 'id')
