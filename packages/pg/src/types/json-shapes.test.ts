import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ShapeTree} from './json-shapes';

function key(name: string): [string, Buffer] {
  return [name, Buffer.from(`"${name}":`)];
}

test('a node knows the keys on the way to it and builds their object, the same each time', () => {
  const tree = new ShapeTree();
  const a = tree.grow(tree.root, ...key('a'));
  const node = a && tree.grow(a, ...key('__proto__'));
  assert.ok(node !== undefined);
  assert.equal(node.depth, 2);
  for (let time = 0; time < 200; time++) {
    const object: object = node.build(['of another object', time, 'x'], 1);
    assert.deepEqual(Object.entries(object), [
      ['a', time],
      ['__proto__', 'x'],
    ]);
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
  }
});

test('the first shape of those with the same first key that is met often is read by generated code', () => {
  const tree = new ShapeTree(3);
  const first = tree.grow(tree.root, ...key('a'));
  const second = first && tree.grow(first, ...key('b'));
  assert.ok(first !== undefined && second !== undefined);
  for (let time = 0; time < 3; time++) {
    assert.equal(first.read, undefined);
    second.build([1, 2], 0);
  }
  const {read} = first;
  assert.equal(typeof read, 'function');
  for (let time = 0; time < 3; time++) first.build([1], 0);
  assert.equal(first.read, read);
});

test('the tree grows neither wide nor large nor deep without bound', () => {
  const wide = new ShapeTree();
  const children = Array.from({length: 100}, (_, n) => wide.grow(wide.root, ...key(`${n}`)));
  assert.equal(children.filter((child) => child !== undefined).length, 16);

  const large = children.flatMap((child) =>
    child === undefined ? [] : Array.from({length: 16}, (_, n) => wide.grow(child, ...key(`${n}`))),
  );
  assert.equal(large.filter((node) => node !== undefined).length, 256 - 1 - 16);

  const deep = new ShapeTree();
  let depth = 0;
  let node: typeof deep.root | undefined = deep.root;
  while (node !== undefined && depth < 100) node = deep.grow(node, ...key(`${depth++}`));
  assert.equal(depth, 65);
});
