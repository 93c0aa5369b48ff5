import type { CompiledNode } from '../../../compiler/node.js';
import type { AttributesOf } from '../../../graph/names.js';
import { size } from '../../../graph/shape.js';
import { missingRow } from '../../../ops/gather.js';
import { float, type Kernel, kernel, LANES, line, pointwise } from '../kernel.js';
import { randomWords, wordOf } from '../philox.js';
import type { Lowering } from './lowering.js';

export const gather: Lowering<'gather'> = (node) => {
  const [x, index] = node.inputs as [CompiledNode, CompiledNode];
  const columns = size(node.shape.slice(1));
  const type = node.dtype === 'i32' ? 'i32' : 'f32';
  return pointwise('gather', node, {
    reads: { x, index },
    writes: { y: node },
    body: `  let row = index[i / ${columns}u];
  if (row < 0) {
    y[i] = ${type}(${missingRow(node)});
    return;
  }
  y[i] = x[u32(row) * ${columns}u + i % ${columns}u];`,
  });
};

export const stepRead: Lowering<'stepRead'> = rowCopy;

/** Where a kernel can't read it in place. */
export const row: Lowering<'row'> = rowCopy;

function rowCopy(node: CompiledNode): Kernel {
  const [x] = node.inputs as [CompiledNode];
  return pointwise('stepRead', node, {
    reads: { x },
    writes: { y: node },
    body: `  y[i] = x[(state.step % ${x.shape[0]}u) * ${size(node.shape)}u + i];`,
  });
}

/** Numbers of an image that one workgroup reads, in its view, which all its invocations share. */
const PART = 4096;

export const gatherImages: Lowering<'gatherImages'> = (node) => images(node, node.attributes, '');

export const scaledImages: Lowering<'scaledImages'> = (node) =>
  images(node, node.attributes, ` * ${float(node.attributes.scale)}`);

function images(node: CompiledNode, view: AttributesOf['viewIndex'], scaled: string): Kernel {
  const [x, index] = node.inputs as [CompiledNode, CompiledNode];
  const [count, height, width, channels] = node.shape as [number, number, number, number];
  const each = height * width * channels;
  const parts = Math.ceil(each / PART);
  const { workgroups, index: group } = line(count * parts);
  return kernel({
    name: 'gatherImages',
    reads: { x, index },
    writes: { y: node },
    workgroups,
    globals: `${viewFunction(view)}
var<workgroup> drawn: View;
fn byte_at(i: u32) -> f32 { return f32((x[i / 4u] >> (8u * (i % 4u))) & 0xffu); }
`,
    body: `  let r = (${group}) / ${parts}u;
  let part = ((${group}) % ${parts}u) * ${PART}u;
  if (lane == 0u) { drawn = view_of(r); }
  workgroupBarrier();
  if (r >= ${count}u) { return; }
  let image = index[r];
  for (var i = part + lane; i < min(part + ${PART}u, ${each}u); i += ${LANES}u) {
    let pixel = i / ${channels}u;
    let row = i32(pixel / ${width}u) - drawn.down;
    let seen = i32(pixel % ${width}u) - drawn.right;
    let inside = image >= 0 && row >= 0 && row < ${height} && seen >= 0 && seen < ${width};
    var value = 0.0f;
    if (inside) {
      let column = u32(select(seen, ${width - 1} - seen, drawn.mirrored == 1));
      value = byte_at(((u32(image) * ${height}u + u32(row)) * ${width}u + column) * ${channels}u + i % ${channels}u);
    }
    y[r * ${each}u + i] = value${scaled};
  }`,
  });
}

export const viewIndex: Lowering<'viewIndex'> = (node) => {
  const { shift, mirror } = node.attributes;
  const pixels = shift?.pixels ?? 0;
  const side = 2 * pixels + 1;
  return pointwise('viewIndex', node, {
    reads: { index: node.inputs[0]! },
    writes: { y: node },
    globals: viewFunction(node.attributes),
    body: `  let image = index[i];
  let drawn = view_of(i);
  let row = (image * ${side} + drawn.down + ${pixels}) * ${side} + drawn.right + ${pixels};
  y[i] = select(${mirror ? '2 * row + drawn.mirrored' : 'row'}, -1, image < 0);`,
  });
};

/** `view_of(r)`: words 2r and 2r + 1 of the shift's stream, and the highest bit of word r of the mirror's. */
function viewFunction({ shift, mirror }: AttributesOf['viewIndex']): string {
  const offset = (word: string) =>
    shift ? `i32(high_word(${wordOf(shift.stream, word)}, ${2 * shift.pixels + 1}u)) - ${shift.pixels}` : '0';
  return `${shift || mirror ? randomWords : ''}
struct View { down: i32, right: i32, mirrored: i32 }
fn view_of(r: u32) -> View {
  return View(${offset('2u * r')}, ${offset('2u * r + 1u')}, ${mirror ? `i32(${wordOf(mirror, 'r')} >> 31u)` : '0'});
}
`;
}
