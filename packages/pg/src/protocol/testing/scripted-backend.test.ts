import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ScramClient} from '../auth/scram';
import {md5Password} from '../auth/md5';
import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {FrameDecoder} from '../framing/frame-decoder';
import {
  readAuthentication,
  writePassword,
  writeSASLInitialResponse,
  writeSASLResponse,
} from '../messages/authentication';
import {writeBind} from '../messages/bind';
import {writeCancelRequest} from '../messages/cancel';
import {readErrorFields} from '../messages/error-fields';
import {
  writeCloseStatement,
  writeDescribeStatement,
  writeExecute,
  writeParse,
  writeSync,
} from '../messages/extended-query';
import {
  readCommandComplete,
  readDataRow,
  readReadyForQuery,
  readRowDescription,
} from '../messages/result';
import {writeQuery, writeTerminate} from '../messages/simple-query';
import {PROTOCOL_3_0, PROTOCOL_3_2, writeSSLRequest, writeStartup} from '../messages/startup';
import {BackendTag, nameOfBackendTag} from '../messages/tags';
import {md5hex, nodeCrypto} from './node-crypto';
import type {BackendScript} from './script';
import {ScriptedBackend} from './scripted-backend';

/** A client's side of the exchange: writes, and describes the answers in words. */
class Conversation {
  readonly backend: ScriptedBackend;
  readonly #decoder = new FrameDecoder();
  readonly #writer = new ByteWriter();

  constructor(script: Partial<BackendScript> = {}) {
    this.backend = new ScriptedBackend({query: () => ({}), ...script});
  }

  say(...writes: ((w: ByteWriter) => void)[]): string[] {
    for (const write of writes) write(this.#writer);
    const answer = this.backend.receive(this.#writer.take());
    this.#decoder.push(answer, 0, answer.length);
    const words: string[] = [];
    while (this.#decoder.next()) words.push(this.#describe());
    return words;
  }

  start(): void {
    const words = this.say((w) =>
      writeStartup(w, {protocolVersion: PROTOCOL_3_0, parameters: {user: 'u'}}),
    );
    assert.equal(words.at(-1), 'ReadyForQuery I');
  }

  #describe(): string {
    const {tag, buffer, start, end} = this.#decoder;
    const name = nameOfBackendTag(tag);
    const r = new ByteReader().reset(buffer, start, end);
    switch (tag) {
      case BackendTag.DataRow:
        return `${name} ${readDataRow(r)
          .map((value) => value?.toString() ?? 'NULL')
          .join(' ')}`;
      case BackendTag.RowDescription:
        return `${name} ${readRowDescription(r)
          .map((column) => column.name)
          .join(' ')}`;
      case BackendTag.CommandComplete:
        return `${name} ${readCommandComplete(r)}`;
      case BackendTag.ReadyForQuery:
        return `${name} ${readReadyForQuery(r)}`;
      case BackendTag.ErrorResponse:
        return `${name} ${readErrorFields(r).code ?? ''}`;
      case BackendTag.Authentication:
        return `${name} ${readAuthentication(r).kind}`;
      default:
        return name;
    }
  }
}

const numbers: BackendScript['query'] = (text, parameters) => {
  if (text.startsWith('fail')) return {error: {code: '22012', message: 'division by zero'}};
  if (text.startsWith('numbers')) {
    return {columns: ['n'], rows: ['1', '2', '3'].map((n) => [n])};
  }
  if (text.startsWith('echo')) return {columns: ['value'], rows: [parameters]};
  return {};
};

const startup = (w: ByteWriter): void =>
  writeStartup(w, {protocolVersion: PROTOCOL_3_2, parameters: {user: 'u'}});

test('a session starts with settings, a key and ReadyForQuery', () => {
  const conversation = new Conversation({parameterStatus: {TimeZone: 'UTC'}});
  assert.deepEqual(conversation.say(startup), [
    'Authentication ok',
    'ParameterStatus',
    'BackendKeyData',
    'ReadyForQuery I',
  ]);
});

test('TLS is answered with one byte, before the startup message', () => {
  const backend = new ScriptedBackend({query: numbers});
  const w = new ByteWriter();
  writeSSLRequest(w);
  assert.equal(backend.receive(w.take()).toString(), 'N');
  startup(w);
  assert.equal(backend.receive(w.take())[0], BackendTag.Authentication);
});

test('an older server says so', () => {
  const words = new Conversation({newestVersion: PROTOCOL_3_0}).say(startup);
  assert.deepEqual(words.slice(0, 2), ['NegotiateProtocolVersion', 'Authentication ok']);
});

test('passwords are checked, in clear and as MD5', () => {
  const salt = Buffer.from([9, 8, 7, 6]);
  const md5 = {password: 'pw', salt, md5hex};
  for (const [authentication, right, wrong] of [
    [{cleartext: 'pw'}, 'pw', 'PW'],
    [{md5}, md5Password('u', 'pw', salt, md5hex), md5Password('v', 'pw', salt, md5hex)],
  ] as const) {
    const welcome = new Conversation({authentication});
    welcome.say(startup);
    assert.equal(welcome.say((w) => writePassword(w, right)).at(-1), 'ReadyForQuery I');
    const refused = new Conversation({authentication});
    refused.say(startup);
    assert.deepEqual(
      refused.say((w) => writePassword(w, wrong)),
      ['ErrorResponse 28P01'],
    );
    assert.ok(refused.backend.ended);
  }
});

test('SCRAM, from the first message to the proof of the server', async () => {
  const scram = {
    password: 'pw',
    salt: Buffer.from('salt'),
    iterations: 3,
    nonce: 'S',
    crypto: nodeCrypto,
  };
  const backend = new ScriptedBackend({query: numbers, authentication: {scram}});
  const client = new ScramClient({
    mechanism: 'SCRAM-SHA-256',
    password: 'pw',
    nonce: 'C',
    crypto: nodeCrypto,
  });
  const w = new ByteWriter();
  const answer = (): Buffer => {
    const frame = backend.receive(w.take());
    const r = new ByteReader().reset(frame, 5, 1 + frame.readInt32BE(1));
    const request = readAuthentication(r);
    return 'data' in request ? request.data : Buffer.alloc(0);
  };
  startup(w);
  answer();
  writeSASLInitialResponse(w, 'SCRAM-SHA-256', client.first());
  const proof = await client.continue(answer());
  writeSASLResponse(w, proof);
  client.finish(answer());
  assert.ok(client.complete);
});

test('a simple query is answered from the script', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  assert.deepEqual(
    conversation.say((w) => writeQuery(w, 'numbers')),
    [
      'RowDescription n',
      'DataRow 1',
      'DataRow 2',
      'DataRow 3',
      'CommandComplete SELECT 3',
      'ReadyForQuery I',
    ],
  );
  assert.deepEqual(
    conversation.say((w) => writeQuery(w, 'fail')),
    ['ErrorResponse 22012', 'ReadyForQuery I'],
  );
  assert.deepEqual(
    conversation.say((w) => writeQuery(w, ' ')),
    ['EmptyQueryResponse', 'ReadyForQuery I'],
  );
});

test('an extended query is described, bound and executed', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  assert.deepEqual(
    conversation.say(
      (w) => writeParse(w, 's', 'echo $1 $2', []),
      (w) => writeDescribeStatement(w, 's'),
      (w) => writeBind(w, '', 's', ['x', null], []),
      (w) => writeExecute(w, '', 0),
      (w) => writeCloseStatement(w, 's'),
      writeSync,
    ),
    [
      'ParseComplete',
      'ParameterDescription',
      'RowDescription value',
      'BindComplete',
      'DataRow x NULL',
      'CommandComplete SELECT 1',
      'CloseComplete',
      'ReadyForQuery I',
    ],
  );
});

test('a portal is suspended after as many rows as asked for', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  const words = conversation.say(
    (w) => writeParse(w, '', 'numbers', []),
    (w) => writeBind(w, '', '', [], []),
    (w) => writeExecute(w, '', 2),
    (w) => writeExecute(w, '', 2),
    writeSync,
  );
  assert.deepEqual(words.slice(2), [
    'DataRow 1',
    'DataRow 2',
    'PortalSuspended',
    'DataRow 3',
    'CommandComplete SELECT 1',
    'ReadyForQuery I',
  ]);
});

test('after an error everything up to Sync is skipped, and a transaction has failed', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  conversation.say((w) => writeQuery(w, 'BEGIN'));
  assert.deepEqual(
    conversation.say(
      (w) => writeParse(w, '', 'fail', []),
      (w) => writeBind(w, '', '', [], []),
      (w) => writeExecute(w, '', 0),
      (w) => writeParse(w, '', 'numbers', []),
      writeSync,
    ),
    ['ParseComplete', 'BindComplete', 'ErrorResponse 22012', 'ReadyForQuery E'],
  );
  assert.deepEqual(
    conversation.say((w) => writeQuery(w, 'numbers')),
    ['ErrorResponse 25P02', 'ReadyForQuery E'],
  );
  assert.deepEqual(
    conversation.say((w) => writeQuery(w, 'COMMIT')),
    ['CommandComplete ROLLBACK', 'ReadyForQuery I'],
  );
});

test('a rollback to a savepoint leaves the transaction open', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  conversation.say((w) => writeQuery(w, 'BEGIN'));
  conversation.say((w) => writeQuery(w, 'fail'));
  assert.equal(
    conversation.say((w) => writeQuery(w, 'ROLLBACK TO SAVEPOINT a')).at(-1),
    'ReadyForQuery T',
  );
});

test('statements and portals that there are not have the SQLSTATEs of Postgres', () => {
  const conversation = new Conversation({query: numbers});
  conversation.start();
  assert.deepEqual(
    conversation.say((w) => writeBind(w, '', 'none', [], []), writeSync),
    ['ErrorResponse 26000', 'ReadyForQuery I'],
  );
  assert.deepEqual(
    conversation.say((w) => writeExecute(w, 'none', 0), writeSync),
    ['ErrorResponse 34000', 'ReadyForQuery I'],
  );
});

test('raw bytes stand in for an answer', () => {
  const raw = Buffer.from('Z\0\0\0\x05X', 'latin1');
  const backend = new ScriptedBackend({query: () => ({raw})});
  const w = new ByteWriter();
  startup(w);
  backend.receive(w.take());
  writeParse(w, '', 'x', []);
  writeBind(w, '', '', [], []);
  backend.receive(w.take());
  writeExecute(w, '', 0);
  assert.deepEqual(backend.receive(w.take()), raw);
});

test('a cancel request and Terminate end the session; what came is kept for the test to see', () => {
  const cancelled = new Conversation();
  assert.deepEqual(
    cancelled.say((w) => writeCancelRequest(w, 7, Buffer.from([1, 2, 3, 4]))),
    [],
  );
  assert.ok(cancelled.backend.ended);
  const conversation = new Conversation();
  conversation.start();
  conversation.say(writeTerminate);
  assert.ok(conversation.backend.ended);
  assert.deepEqual(
    conversation.backend.received.map(({kind}) => kind),
    ['StartupMessage', 'Terminate'],
  );
});
