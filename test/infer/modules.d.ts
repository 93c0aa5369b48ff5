declare module 'workerd' {
  /** Path of its binary. */
  const path: string;
  export default path;
}

// As an edge host hands over the files that its configuration names.

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.safetensors' {
  const bytes: ArrayBuffer;
  export default bytes;
}
