import { ModuleProvider } from 'limber/modules'
import { Line } from './models/line.ts'
import { CartController } from './routes.ts'

export class Cart extends ModuleProvider {
  classes() {
    return [Cart, Line, CartController]
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    cart: Cart
  }
}
