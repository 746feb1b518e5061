import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql from '@databases/sql';
import {heapGrowthBytes} from '../../connection/memory/heap-growth.test.support';
import {ValueError} from '../../errors';
import {StatementCatalog} from './statement-catalog';

const MAX_TEXTS = 2000;

const numbered = (index: number) => `select ${index}`;
const query = (id: number) => sql`SELECT ${id}`;

test('one template is one statement, whatever its values', () => {
  const catalog = new StatementCatalog();
  const [first, second] = [query(1), query(2)];
  assert.equal(catalog.planOf(first), catalog.planOf(second));
  assert.deepEqual(catalog.valuesOf(second), [2]);
});

test('two templates of one text share their statement', () => {
  const catalog = new StatementCatalog();
  assert.equal(catalog.planOf(sql`SELECT ${1}`), catalog.planOf(sql`SELECT ${2}`));
});

test('a text of several statements is split, each with its own parameters', () => {
  const catalog = new StatementCatalog();
  const text = sql`SELECT ${'a'}; SELECT ${'b'}, ${'c'}; -- end`;
  const {statements, only} = catalog.planOf(text);
  assert.equal(only, undefined);
  assert.deepEqual(
    statements.map(({statement, valueIndexes}) => [statement.text, valueIndexes]),
    [
      ['SELECT $1', [0]],
      ['SELECT $1, $2', [1, 2]],
    ],
  );
});

test('a text without a statement has an empty plan', () => {
  for (const empty of [sql``, sql`;`, sql`-- nothing`]) {
    assert.deepEqual(new StatementCatalog().planOf(empty).statements, []);
  }
});

test('a text with a NUL character is refused', () => {
  const withNul = sql.__dangerous__rawValue("SELECT '\0'");
  assert.throws(() => new StatementCatalog().planOf(withNul), ValueError);
});

test('of texts that are built at run time those that were not used for longest go first', () => {
  const catalog = new StatementCatalog();
  const hot = catalog.statement('BEGIN');
  const cold = catalog.statement('select cold');
  for (let i = 0; i < 2 * MAX_TEXTS; i++) {
    catalog.statement(`select ${i}`);
    assert.equal(catalog.statement('BEGIN'), hot);
  }
  assert.notEqual(catalog.statement('select cold'), cold);
});

test('as many texts as there is room for stay known, in whatever order they are used', () => {
  const catalog = new StatementCatalog();
  for (let i = 0; i < 500; i++) catalog.statement(`before ${i}`);
  const statements = Array.from({length: MAX_TEXTS}, (_, index) =>
    catalog.statement(numbered(index)),
  );
  for (const step of [1, 7, 1999]) {
    for (let use = 0; use < 2 * MAX_TEXTS; use++) {
      const index = (use * step) % MAX_TEXTS;
      assert.equal(catalog.statement(numbered(index)), statements[index]);
    }
  }
});

test('where more statements are kept prepared, twice as many texts stay known', () => {
  const catalog = new StatementCatalog({prepared: 3 * MAX_TEXTS});
  const first = catalog.statement('first');
  for (let i = 1; i < 6 * MAX_TEXTS; i++) catalog.statement(numbered(i));
  assert.equal(catalog.statement('first'), first);
});

test('a text that came back is told of once', () => {
  const catalog = new StatementCatalog();
  catalog.statement('asked again').cost.answers++;
  for (let i = 0; i < MAX_TEXTS; i++) catalog.statement(`select ${i}`);
  catalog.statement('asked again');
  assert.deepEqual(
    [...catalog.answered()].map(({text}) => text),
    ['asked again'],
  );
});

test('looking up the same texts for ever takes no memory', () => {
  const catalog = new StatementCatalog();
  const growth = heapGrowthBytes(() => {
    for (let i = 0; i < 200_000; i++) {
      catalog.statement('BEGIN');
      catalog.statement('COMMIT');
    }
  });
  assert.ok(growth < 1_000_000, `${growth} bytes`);
});
