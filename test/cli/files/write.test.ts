import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { forFile, inFolder } from '../../../cli/files/folders.ts';
import { systemError } from '../../../cli/files/system-errors.ts';
import { writeAtomic } from '../../../cli/files/write.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const failed = (code: string) => Object.assign(new Error(`${code}: what happened, open 'x'`), { code });

describe('writing', () => {
  test('replaces a file, and keeps who may read it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'before');
    await chmod(file, 0o600);
    await writeAtomic(file, 'after');
    expect(await readFile(file, 'utf8')).toBe('after');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('goes through symbolic links, to what is not there yet too', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere/there'), 'before');
    await symlink('elsewhere/there', join(folder, 'one'));
    await symlink('one', join(folder, 'two'));
    await symlink('elsewhere/new', join(folder, 'dangling'));
    for (const name of ['two', 'dangling']) await writeAtomic(join(folder, name), name);
    expect((await lstat(join(folder, 'two'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'elsewhere/there'), 'utf8')).toBe('two');
    expect(await readFile(join(folder, 'elsewhere/new'), 'utf8')).toBe('dangling');
  });

  test('goes into a pipe that has a reader, and leaves it a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const written = writeAtomic(pipe, 'through');
    expect(await readFile(pipe, 'utf8')).toBe('through');
    await written;
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  test('goes to devices', async () => {
    const link = join(folder, 'device');
    await symlink('/dev/full', link);
    await expect(writeAtomic(link, 'text')).rejects.toThrow(
      `${link} can't be written (the disk is full): make room there, or give another --out`,
    );
    expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true);
    expect(await forFile(link, async () => 'no folder is probed')).toBe('no folder is probed');
  });

  test.each([
    ['a folder', 'it is a folder', (path: string) => mkdir(path)],
    ['a circle', 'its symbolic links lead in a circle', (path: string) => symlink(path, path)],
    ['a link into nowhere', 'a folder of the path is missing', (path: string) => symlink('no/where', path)],
  ])('refuses %s in a sentence, and leaves no temporary file', async (_, why, make) => {
    const path = join(folder, 'target');
    await make(path);
    const before = await readdir(folder);
    await expect(writeAtomic(path, 'text')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(`${path} can't be written (${why})`),
    });
    expect(await readdir(folder)).toEqual(before);
  });

  test('refuses a name that is too long', async () => {
    const path = join(folder, 'x'.repeat(254));
    await expect(writeAtomic(path, 'text')).rejects.toThrow('(the name is too long): give a shorter one');
  });
});

test.each([
  ['EACCES', 'permission denied', 'make it writable'],
  ['EROFS', 'the file system is read-only', 'give another --out'],
  ['ENOSPC', 'the disk is full', 'make room there'],
  ['ENOTDIR', 'part of the path is a file', 'check the path'],
  ['EMFILE', 'too many files are open', 'raise the limit (ulimit -n)'],
  ['EXOTIC', 'what happened', 'make it writable'],
])('%s is one sentence with the path and what to do', (code, why, remedy) => {
  expect(systemError('a/path', 'written', failed(code)).message).toMatch(
    new RegExp(`^a/path can't be written \\(${why}\\): ${remedy.replace(/[()]/g, '\\$&')}`),
  );
});

test('work that fails before it has written anything leaves no folder', async () => {
  const made = join(folder, 'a/b/c');
  const fail = () => Promise.reject(new Error('no'));
  await expect(inFolder(made, fail)).rejects.toThrow('no');
  await expect(forFile(join(made, 'file'), fail)).rejects.toThrow('no');
  expect(existsSync(join(folder, 'a'))).toBe(false);
  await mkdir(join(folder, 'mine'));
  await expect(inFolder(join(folder, 'mine'), fail)).rejects.toThrow('no');
  expect(await readdir(folder)).toEqual(['mine']);
});
