/**
 * The shapes of the JSON objects in one column: which keys follow which, and how to build such an object.
 *
 * A tree: each edge is a key as its bytes stand in the document, quotes, colon and spaces included, so the
 * way from the root to a node is the list of keys that were read. Who has seen the keys before compares
 * bytes and makes no strings of them.
 *
 * Bounded: a column whose keys are data (`{"user 17": …}`) fills the tree and then finds nothing in it.
 */

/** Builds the object whose values are `values[from]` and those behind it, in the order of the keys. */
export type BuildObject = (values: readonly unknown[], from: number) => object;

const MAX_NODES = 256;
const MAX_CHILDREN = 16;
/** Objects with more keys would be slow to build and to compile. */
const MAX_KEYS = 64;
/** Compiling costs what building about this many objects key by key does. */
const COMPILE_AFTER_OBJECTS = 64;

export class ShapeTree {
  readonly root: ShapeNode = new ShapeNode([], Buffer.alloc(0));
  #nodes = 1;

  /** The node behind `node` for a key that was not seen there yet; undefined where there is no room. */
  grow(node: ShapeNode, key: string, bytes: Buffer): ShapeNode | undefined {
    if (this.#nodes === MAX_NODES || node.children.length === MAX_CHILDREN) return undefined;
    if (node.keys.length === MAX_KEYS) return undefined;
    this.#nodes++;
    const child = new ShapeNode([...node.keys, key], bytes);
    node.children.push(child);
    return child;
  }
}

export class ShapeNode {
  readonly keys: readonly string[];
  /** The last key as it stands in the document, up to the first byte of its value. */
  readonly bytes: Buffer;
  readonly children: ShapeNode[] = [];
  build: BuildObject;
  #built = 0;

  constructor(keys: readonly string[], bytes: Buffer) {
    this.keys = keys;
    this.bytes = bytes;
    this.build = (values, from) => {
      if (++this.#built === COMPILE_AFTER_OBJECTS) this.build = compileBuild(keys) ?? this.build;
      return buildByKey(keys, values, from);
    };
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

/**
 * Nothing but JSON-escaped keys gets into the text; undefined where the process forbids to generate code.
 *
 * Not by a literal: once V8 has seen the objects of one live long, it puts new ones into the old generation at once,
 * where the dead ones keep their values alive until all of the heap is collected. It does not do so with constructors
 * and copies. What a constructor assigns is an own property unless Object.prototype has one of that name; a copy is
 * slower, but has them all.
 */
function compileBuild(keys: readonly string[]): BuildObject | undefined {
  const isInherited = keys.some((key) => key in Object.prototype);
  const target = isInherited ? 'object' : 'this';
  const stores = keys.map(
    (key, index) => `${target}[${JSON.stringify(key)}] = values[from + ${index}];`,
  );
  const body = isInherited
    ? [
        'return (values, from) => {',
        'const object = {...template};',
        ...stores,
        'return object;',
        '};',
      ]
    : [
        'function Document(values, from) {',
        ...stores,
        '}',
        'Document.prototype = Object.prototype;',
        'return (values, from) => new Document(values, from);',
      ];
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    const compile = new Function('template', body.join('\n')) as (template: object) => BuildObject;
    return compile(buildByKey(keys, [], 0));
  } catch {
    return undefined;
  }
}
