import { ModuleProvider } from 'limber/modules'

export class GameProfile extends ModuleProvider {}
