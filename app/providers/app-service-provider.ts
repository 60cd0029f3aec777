import { ServiceProvider } from 'limber'

/** Binds what the application itself offers. */
export class AppServiceProvider extends ServiceProvider {}
