import { inject, injectable } from 'limber'
import type { Router } from 'limber/http'
import { Line } from './models/line.ts'

@injectable()
export class CartController {
  constructor(@inject('stall.round') readonly round: number) {}

  async show() {
    const line = await Line.create({})
    await line.destroy()
    return { stall: this.round, amount: line.amount }
  }
}

export default (router: Router) => {
  router.get('/cart', [CartController, 'show'])
}
