export function registerTypeScript(options?: { readonly conditions?: readonly string[] }): void
