/**
 * Typed arrays over memory of their own, as Blob, fetch and the like take them. Their names for that are generic from
 * TypeScript 5.7 on; by these, declarations mean the same in it and work in older compilers too.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['from']>;
export type Floats = ReturnType<Float32ArrayConstructor['from']>;
export type Ints = ReturnType<Int32ArrayConstructor['from']>;
