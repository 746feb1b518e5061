import assert from 'node:assert/strict';
import {test} from 'node:test';
import {copyText} from './copy-text';

const item = {id: 1, score: 0.5, happened_at: new Date(0), active: true};

test('columns are parted by tabs, and what would part them is escaped', () => {
  const text = [...copyText([{...item, name: 'a\tb\nc\\d'}])].join('');
  assert.equal(text, '1\ta\\tb\\nc\\\\d\t0.5\t1970-01-01T00:00:00.000Z\tt\n');
});

test('chunks end between rows and lose none', () => {
  const items = Array.from({length: 5000}, (_, id) => ({...item, id, name: `number ${id}`}));
  const chunks = [...copyText(items)];
  assert.ok(chunks.length > 1);
  for (const chunk of chunks) assert.ok(chunk.endsWith('\n'));
  assert.equal(chunks.join('').split('\n').length, 5001);
});
