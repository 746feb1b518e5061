import assert from 'node:assert/strict';
import {test} from 'node:test';

import {BackendTag, FrontendTag, nameOfBackendTag, nameOfFrontendTag} from './tags';

test('every letter means one message in each direction', () => {
  for (const tags of [BackendTag, FrontendTag]) {
    const letters = Object.values(tags);
    assert.equal(new Set(letters).size, letters.length);
  }
});

test('a tag has the name of the protocol chapter, and an unknown one is described', () => {
  assert.equal(nameOfBackendTag(0x44), 'DataRow');
  assert.equal(nameOfFrontendTag(0x44), 'Describe');
  assert.equal(nameOfBackendTag(0x58), "unknown type 'X' (0x58)");
  assert.equal(nameOfBackendTag(0), '0x00');
});
