/**
 * Packs the packages as they are published and installs them into a program's folder: what the tests here
 * look at is what users get, not what the workspace links to.
 */
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before} from 'node:test';
import {property, root, run, succeed} from './command';
import type {Finished} from './command';

/** What is published: folders in `packages`. */
export const PACKAGES: readonly string[] = readPackages();

export interface Packed {
  readonly tarball: string;
  /** Holds what is in it. */
  readonly folder: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** A folder that is there while the tests of this file run. */
export function useFolder(): {readonly path: string} {
  const path = mkdtempSync(join(tmpdir(), 'databases-packaging-'));
  after(() => rmSync(path, {recursive: true, force: true}));
  return {path};
}

function readPackages(): string[] {
  const list: unknown = JSON.parse(readFileSync(join(root, 'tools/packages.json'), 'utf8'));
  if (!Array.isArray(list)) throw new Error('tools/packages.json is no list');
  return list.map(String);
}

export async function pack(name: string, folder: string): Promise<Packed> {
  const printed = await succeed(process.execPath, ['tools/pack.mjs', name, folder], root);
  const packed: unknown = JSON.parse(printed);
  const tarball = property(packed, 'tarball');
  const contents = property(packed, 'folder');
  const files = property(packed, 'files');
  const packedBytes = property(packed, 'packedBytes');
  const unpackedBytes = property(packed, 'unpackedBytes');
  if (
    typeof tarball !== 'string' ||
    typeof contents !== 'string' ||
    !Array.isArray(files) ||
    typeof packedBytes !== 'number' ||
    typeof unpackedBytes !== 'number'
  ) {
    throw new Error(`tools/pack.mjs printed something else than expected:\n${printed}`);
  }
  return {tarball, folder: contents, files: files.map(String), packedBytes, unpackedBytes};
}

export interface Consumer {
  readonly folder: string;
  /** Writes files, then runs one with Node. */
  node(files: Readonly<Record<string, string>>, main: string, flags?: string[]): Promise<Finished>;
  write(files: Readonly<Record<string, string>>): void;
}

/** A program with our packages and `others` installed, without install scripts and, unless asked for, optional parts. */
export function useConsumer(
  packages: readonly string[],
  others: readonly string[] = [],
  {optional = false}: {readonly optional?: boolean} = {},
): Consumer {
  const {path} = useFolder();
  const folder = join(path, 'program');
  before(async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"name": "program", "private": true}');
    const tarballs: string[] = [];
    for (const name of packages) tarballs.push((await pack(name, path)).tarball);
    const flags = [
      '--ignore-scripts',
      ...(optional ? [] : ['--omit=optional']),
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
    ];
    await succeed('npm', ['install', ...flags, ...tarballs], folder);
    if (others.length > 0) {
      await succeed('npm', ['install', '--save-dev', ...flags, ...others], folder);
    }
  });
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  return {
    folder,
    write,
    node(files, main, flags = []) {
      write(files);
      return run(process.execPath, [...flags, main], folder);
    },
  };
}
