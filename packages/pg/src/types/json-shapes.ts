/**
 * The shapes of the JSON objects in one column: which keys follow which, and how to build such an object.
 *
 * A tree: each edge is a key as its bytes stand in the document, quotes, colon and spaces included, so the
 * way from the root to a node is the list of keys that were read. Who has seen the keys before compares
 * bytes and makes no strings of them.
 *
 * Bounded: a column whose keys are data (`{"user 17": …}`) fills the tree and then finds nothing in it.
 */

import {compileShape, wordsOf} from './json-object-code';
import type {BuildObject, ReadMembers} from './json-object-code';

const MAX_NODES = 256;
const MAX_CHILDREN = 16;
/** Objects with more keys would be slow to build and to compile. */
const MAX_KEYS = 64;
/** Compiling costs what building about this many objects key by key does. */
const COMPILE_AFTER_OBJECTS = 64;

export class ShapeTree {
  readonly root: ShapeNode;
  #nodes = 1;

  /** @param compileAfter So many objects of a shape are built before code is generated for it. */
  constructor(compileAfter = COMPILE_AFTER_OBJECTS) {
    this.root = new ShapeNode(undefined, '', Buffer.alloc(0), compileAfter);
  }

  /** The node behind `node` for a key that was not seen there yet; undefined where there is no room. */
  grow(node: ShapeNode, key: string, bytes: Buffer): ShapeNode | undefined {
    if (this.#nodes === MAX_NODES || node.children.length === MAX_CHILDREN) return undefined;
    if (node.depth === MAX_KEYS) return undefined;
    this.#nodes++;
    const child = new ShapeNode(node, key, bytes, node.compileAfter);
    node.children.push(child);
    return child;
  }
}

export class ShapeNode {
  readonly key: string;
  /** The key as it stands in the document, up to the first byte of its value. */
  readonly bytes: Buffer;
  /** How many keys there are on the way to it. */
  readonly depth: number;
  readonly length: number;
  readonly children: ShapeNode[] = [];
  readonly compileAfter: number;
  build: BuildObject;
  /** For a first key: reads the shape that was the first of those that begin with it to be met often. */
  read: ReadMembers<ShapeNode> | undefined = undefined;
  readonly #parent: ShapeNode | undefined;
  /** The key, four bytes each. None where it has fewer. */
  readonly #words: readonly number[];
  #built = 0;

  constructor(parent: ShapeNode | undefined, key: string, bytes: Buffer, compileAfter: number) {
    this.key = key;
    this.bytes = bytes;
    this.length = bytes.length;
    this.#words = bytes.length < 4 ? [] : wordsOf(bytes);
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.compileAfter = compileAfter;
    this.#parent = parent;
    const keys = this.#path().map((node) => node.key);
    this.build = (values, from) => {
      if (++this.#built === compileAfter) this.#compile(keys);
      return buildByKey(keys, values, from);
    };
  }

  /** Whether the key stands at `at`, where there is room for it. */
  isAt(view: DataView, at: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    if (last < 0) return this.bytes.every((byte, place) => view.getUint8(at + place) === byte);
    let word = 0;
    while (word < last && view.getInt32(at + 4 * word) === words[word]) word++;
    return word === last && view.getInt32(at + this.length - 4) === words[last];
  }

  /** The nodes from that of the first key to this one. */
  #path(): ShapeNode[] {
    return this.#parent === undefined ? [] : [...this.#parent.#path(), this];
  }

  #compile(keys: readonly string[]): void {
    const path = this.#path();
    const [first] = path;
    if (first === undefined) return;
    const code = compileShape(path, buildByKey(keys, [], 0), first.read === undefined);
    this.build = code?.build ?? this.build;
    first.read ??= code?.read;
  }
}

function buildByKey(keys: readonly string[], values: readonly unknown[], from: number): object {
  const object = {};
  keys.forEach((key, index) => {
    // As JSON.parse does it: `__proto__` is a key like any other.
    Object.defineProperty(object, key, {
      value: values[from + index],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });
  return object;
}
