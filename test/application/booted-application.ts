import { Application, type Provider } from 'limber'

/** An application in memory, booted with what the given function binds. */
export async function bootedApplication(register: (app: Application) => void = () => undefined) {
  const provider = (app: Application): Provider => new ShopServiceProvider(app, register)
  return new Application({ root: '.', config: {}, providers: [provider] }).boot()
}

class ShopServiceProvider implements Provider {
  constructor(
    private readonly app: Application,
    private readonly bind: (app: Application) => void,
  ) {}

  register(): void {
    this.bind(this.app)
  }

  boot(): void {
    // It only binds.
  }
}
