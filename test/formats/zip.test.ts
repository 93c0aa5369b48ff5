import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32 } from '#library/formats/crc.js';
import { encodeZip, isZip, readZip } from '#library/formats/zip.js';
import { faultOf, utf8 } from '../support/faults.js';

const two = [
  { name: 'a.txt', bytes: utf8('hello hello hello') },
  { name: 'b/ä.txt', bytes: new Uint8Array(0) },
];

/** One deflated file with 64-bit sizes where `wide`, as large archives and numpy's local headers have them. */
function deflated(wide: boolean, name = 'a.txt', flags = 0): Uint8Array {
  const plain = utf8('hello hello hello');
  const packed = deflateRawSync(plain);
  const u16 = (n: number) => [n & 255, n >>> 8];
  const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)];
  const u64 = (n: number) => [...u32(n), 0, 0, 0, 0];
  const sizes = wide
    ? [...u32(0xffffffff), ...u32(0xffffffff)]
    : [...u32(packed.length), ...u32(plain.length)];
  const local = [...u16(1), ...u16(16), ...u64(plain.length), ...u64(packed.length)];
  const both = (extra: number) => [
    ...[...u16(45), ...u16(flags), ...u16(8), ...u32(0), ...u32(crc32(plain)), ...sizes],
    ...[...u16(name.length), ...u16(extra)],
  ];
  const file = [...u32(0x04034b50), ...both(20), ...utf8(name), ...local, ...packed];
  const wideOffset = wide
    ? [...u16(0xabcd), ...u16(2), 9, 9, ...u16(1), ...u16(24), ...local.slice(4), ...u64(0)]
    : [];
  const head = [
    ...u32(0x02014b50),
    ...u16(45),
    ...both(wideOffset.length),
    ...u16(0),
    ...u16(0),
    ...u16(0),
    ...u32(0),
  ];
  const directory = [...head, ...u32(wide ? 0xffffffff : 0), ...utf8(name), ...wideOffset];
  const end64 = [...u32(0x06064b50), ...u64(44), ...u16(45), ...u16(45), ...u32(0), ...u32(0)];
  const counts64 = [...u64(1), ...u64(1), ...u64(directory.length), ...u64(file.length)];
  const locator = [...u32(0x07064b50), ...u32(0), ...u64(file.length + directory.length), ...u32(1)];
  const last = wide
    ? [...u16(0xffff), ...u16(0xffff), ...u32(0xffffffff), ...u32(0xffffffff)]
    : [...u16(1), ...u16(1), ...u32(directory.length), ...u32(file.length)];
  const end = [...u32(0x06054b50), ...u16(0), ...u16(0), ...last, ...u16(3), ...utf8('bye')];
  return Uint8Array.from([
    ...file,
    ...directory,
    ...(wide ? [...end64, ...counts64, ...locator] : []),
    ...end,
  ]);
}

describe('a ZIP file', () => {
  test('as written reads back', () => {
    const bytes = encodeZip(two);
    expect(isZip(bytes)).toBe(true);
    expect(readZip(bytes, 'x').map((entry) => ({ name: entry.name, bytes: entry.read() }))).toEqual(two);
  });

  test.each([false, true])('deflated, with 64-bit sizes: %s, and a comment', (wide) => {
    const [entry] = readZip(deflated(wide), 'x');
    expect(entry).toMatchObject({ name: 'a.txt', size: 17 });
    expect(Buffer.from(entry!.read()).toString()).toBe('hello hello hello');
  });

  test('leaves folders out', () => {
    const files = readZip(encodeZip([{ name: 'b/', bytes: new Uint8Array(0) }, ...two]), 'x');
    expect(files.map(({ name }) => name)).toEqual(['a.txt', 'b/ä.txt']);
  });

  test('of which files share bytes is refused', async () => {
    const bytes = encodeZip([two[0]!, { name: 'c.txt', bytes: two[0]!.bytes }]);
    const second = Buffer.from(bytes.buffer).lastIndexOf(Uint8Array.of(0x50, 0x4b, 1, 2));
    new DataView(bytes.buffer).setUint32(second + 42, 0, true);
    expect((await faultOf(() => readZip(bytes, 'x.zip'))).message).toContain('has files that overlap');
  });

  test('that is encrypted, damaged or none is refused', async () => {
    const encrypted = readZip(deflated(false, 'a.txt', 1), 'x.zip')[0]!;
    expect((await faultOf(() => encrypted.read())).message).toContain(
      'x.zip, a.txt: the ZIP file is encrypted',
    );
    const damaged = encodeZip(two);
    damaged[36]! ^= 1;
    expect((await faultOf(() => readZip(damaged, 'x')[0]!.read())).message).toContain('wrong checksum');
    expect((await faultOf(() => readZip(new Uint8Array(100), 'x'))).code).toBe('bad-file');
    const whole = deflated(true);
    for (let length = 0; length < whole.length; length++)
      await faultOf(() => readZip(whole.subarray(0, length), 'x').map((entry) => entry.read()));
  });
});
