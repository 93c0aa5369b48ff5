/** Values of some invocations of a workgroup joined in pairs, in a fixed order. */
export interface Tree {
  /** Of the WGSL function. */
  readonly name: string;
  readonly type: 'f32' | 'vec2f';
  readonly join: 'sum' | 'max';
  /** Invocations of the workgroup. */
  readonly lanes: number;
  /** How many are joined, a power of two, and how far their lanes lie apart. */
  readonly count: number;
  readonly apart: number;
}

/** a and b joined; a maximum needs `maximum` of math.ts. */
export function joined(join: Tree['join'], a: string, b: string): string {
  return join === 'sum' ? `${a} + ${b}` : `maximum(${a}, ${b})`;
}

/**
 * The WGSL function `name(lane, place, value)`, where `place` is the invocation's number among those that are joined:
 * all of them get the result. It has barriers: every invocation of the workgroup must call it.
 */
export function tree({ name, type, join, lanes, count, apart }: Tree): string {
  const pair = joined(join, `${name}_parts[lane]`, `${name}_parts[lane + half * ${apart}u]`);
  return `
var<workgroup> ${name}_parts: array<${type}, ${lanes}>;
fn ${name}(lane: u32, place: u32, value: ${type}) -> ${type} {
  ${name}_parts[lane] = value;
  workgroupBarrier();
  for (var half = ${Math.floor(count / 2)}u; half > 0u; half = half / 2u) {
    if (place < half) { ${name}_parts[lane] = ${pair}; }
    workgroupBarrier();
  }
  let result = ${name}_parts[lane - place * ${apart}u];
  workgroupBarrier();
  return result;
}
`;
}

/** The least power of two that isn't less. */
export function powerAbove(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, n)));
}
