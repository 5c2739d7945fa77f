/**
 * The part of the WebAssembly API that the engine uses. TypeScript offers the full types only
 * together with those of the DOM.
 */
declare namespace WebAssembly {
  type ImportFunction = (...args: (number | bigint)[]) => number | bigint | undefined
  type Imports = Record<string, Record<string, ImportFunction>>
  type Exports = Readonly<Record<string, unknown>>

  interface Instance {
    readonly exports: Exports
  }
  interface Memory {
    readonly buffer: ArrayBuffer
  }

  const Module: new (bytes: Uint8Array) => Module
  const Instance: new (module: Module, imports: Imports) => Instance
  const Memory: new (descriptor: { initial: number }) => Memory
}
