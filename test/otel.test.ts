/** Spans and metrics of `@databases/pg-otel`, as the SDK of OpenTelemetry exports them. */
import assert from 'node:assert/strict';
import {AsyncLocalStorage} from 'node:async_hooks';
import {tracingChannel} from 'node:diagnostics_channel';
import {after, test} from 'node:test';
import type {TestContext} from 'node:test';
import {sql} from '@databases/pg';
import {instrument} from '@databases/pg-otel';
import type {InstrumentOptions} from '@databases/pg-otel';
import {SpanKind, SpanStatusCode, context as contextApi, trace} from '@opentelemetry/api';
import {AsyncLocalStorageContextManager} from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type {MetricData} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';

const database = useDatabase();
contextApi.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
after(() => contextApi.disable());

/** Instruments the process until the test ends. */
function observe(context: TestContext, options: InstrumentOptions = {}) {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meterProvider = new MeterProvider({readers: [reader]});
  const instrumentation = instrument({tracerProvider, meterProvider, ...options});
  context.after(async () => {
    instrumentation.stop();
    await meterProvider.shutdown();
  });
  const collect = async () => {
    await reader.forceFlush();
    const all = metricExporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap(({metrics}) => metrics);
    return new Map((all ?? []).map((metric) => [metric.descriptor.name, metric]));
  };
  return {
    instrumentation,
    tracer: tracerProvider.getTracer('test'),
    spans: () => exporter.getFinishedSpans(),
    collect,
  };
}

/** A way out of the callbacks that one is in. */
const outside = AsyncLocalStorage.snapshot();

const url = () => new URL(database.url);
const target = () => ({
  'db.system.name': 'postgresql',
  'db.namespace': url().pathname.slice(1),
  'server.address': url().hostname,
  'server.port': Number(url().port),
});

test('a query is a client span with its text and without its values', async (context) => {
  const {spans} = observe(context);
  await database.db.query(sql`SELECT ${'secret'}::text, 'also secret'`);
  const [span, ...others] = spans();
  assert.ok(span !== undefined && others.length === 0);
  assert.deepEqual(
    [span.name, span.kind, span.status.code],
    [target()['db.namespace'], SpanKind.CLIENT, SpanStatusCode.UNSET],
  );
  assert.deepEqual(span.attributes, {...target(), 'db.query.text': 'SELECT $1::text, ?'});
});

test('values, numbers of rows and names are there for those who ask for them', async (context) => {
  const {spans} = observe(context, {
    parameters: true,
    returnedRows: true,
    summary: ({queryText}) => (queryText.includes('orders') ? 'SELECT orders' : undefined),
  });
  const db = database.pool({schema: ['shop', 'public']});
  await db.query(sql`SELECT ${'a'}::text AS orders, ${{b: 1}}::jsonb, ${null}::int`);
  const [span] = spans();
  assert.equal(span?.name, 'SELECT orders');
  assert.deepEqual(span.attributes, {
    ...target(),
    'db.namespace': `${target()['db.namespace']}|shop`,
    'db.query.text': 'SELECT $1::text AS orders, $2::jsonb, $3::int',
    'db.query.summary': 'SELECT orders',
    'db.query.parameter.0': 'a',
    'db.query.parameter.1': '{"b":1}',
    'db.query.parameter.2': 'null',
    'db.response.returned_rows': 1,
  });
});

test('a batch says how large it is, and never its values', async (context) => {
  const {spans} = observe(context, {parameters: true});
  await database.db.query([sql`SELECT ${1}::int`, sql`SELECT 2`]);
  assert.deepEqual(spans()[0]?.attributes, {
    ...target(),
    'db.query.text': 'SELECT $1::int; SELECT ?',
    'db.operation.batch.size': 2,
  });
});

test('an error is told by its SQLSTATE; its message, which quotes values, on request', async (context) => {
  const {spans} = observe(context);
  const query = sql`SELECT ${'secret'}::text::int`;
  await assert.rejects(database.db.query(query), /secret/);
  const [span] = spans();
  assert.deepEqual(span?.status, {code: SpanStatusCode.ERROR, message: '22P02'});
  assert.equal(span.attributes['error.type'], '22P02');
  assert.equal(span.attributes['db.response.status_code'], '22P02');
  assert.deepEqual(span.events, []);
  const asked = observe(context, {parameters: true});
  await assert.rejects(database.db.query(query), /secret/);
  assert.match(asked.spans()[0]?.status.message ?? '', /secret/);
});

test('an error of this side has a type and no status of the server', async (context) => {
  const {spans} = observe(context);
  await assert.rejects(database.db.query(sql`SELECT ${'\0'}::text`));
  await assert.rejects(
    database.db.query(sql`SELECT pg_sleep(600)`, {signal: AbortSignal.timeout(20)}),
  );
  assert.deepEqual(
    spans().map(({attributes}) => [
      attributes['error.type'],
      attributes['db.response.status_code'],
    ]),
    [
      ['PG_PARAMETER_INVALID', undefined],
      ['TimeoutError', undefined],
    ],
  );
});

test('spans have the parents that the program means', async (context) => {
  const {spans, tracer} = observe(context);
  await tracer.startActiveSpan('request', async (request) => {
    await database.db.tx(async (tx) => {
      await tx.query(sql`SELECT 1`);
      await tracer.startActiveSpan('inner', async (inner) => {
        await tx.tx((nested) => nested.query(sql`SELECT 2`));
        inner.end();
      });
    });
    await database.db.query(sql`SELECT 3`);
    request.end();
  });
  assert.equal(trace.getSpan(contextApi.active()), undefined);
  const all = spans();
  const transaction = `transaction ${target()['db.namespace']}`;
  const found = all.find(({name}) => name === transaction);
  assert.equal(found?.kind, SpanKind.INTERNAL);
  const request = all.find(({name}) => name === 'request');
  assert.equal(found.parentSpanContext?.spanId, request?.spanContext().spanId);
  const parents = all
    .filter(({kind}) => kind === SpanKind.CLIENT)
    .map(
      ({parentSpanContext}) =>
        all.find((one) => one.spanContext().spanId === parentSpanContext?.spanId)?.name,
    );
  assert.deepEqual(parents, [transaction, 'inner', 'request']);
});

test('streams and copies are spans until their end', async (context) => {
  const {spans} = observe(context, {returnedRows: true});
  await database.db.task(async (task) => {
    await task.query(sql`CREATE TEMPORARY TABLE told (n int)`);
    await task.copyFrom(sql`COPY told (n) FROM STDIN`, [[1], [2]]);
    for await (const row of task.queryStream(sql`SELECT n FROM told`)) assert.ok(row.n > 0);
  });
  const told = spans().slice(1);
  assert.deepEqual(
    told.map(({name, attributes}) => [
      name,
      attributes['db.operation.name'],
      attributes['db.response.returned_rows'],
    ]),
    [
      [`COPY ${target()['db.namespace']}`, 'COPY', 2],
      [target()['db.namespace'], undefined, 2],
    ],
  );
});

/** The points of a metric, with the attributes in their order. */
function pointsOf(metric: MetricData | undefined) {
  assert.ok(metric !== undefined);
  return metric.dataPoints.map(({attributes, value}) => ({attributes, value}));
}

function boundariesOf(metric: MetricData | undefined): unknown {
  const value: unknown = metric?.dataPoints[0]?.value;
  const buckets: unknown = Reflect.get(Object(value), 'buckets');
  return Reflect.get(Object(buckets), 'boundaries');
}

function countOf(metric: MetricData | undefined): unknown {
  return metric?.dataPoints.map(({value}) => Reflect.get(Object(value), 'count'));
}

test('durations of operations are measured in seconds, failures apart', async (context) => {
  const {collect} = observe(context);
  await database.db.query(sql`SELECT 1`);
  await database.db.query(sql`SELECT 2`);
  await assert.rejects(database.db.query(sql`SELECT 1 / 0`));
  const metrics = await collect();
  const duration = metrics.get('db.client.operation.duration');
  assert.equal(duration?.descriptor.unit, 's');
  assert.deepEqual(boundariesOf(duration), [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
  assert.deepEqual(countOf(duration), [2, 1]);
  assert.deepEqual(
    duration.dataPoints.map(({attributes}) => attributes),
    [target(), {...target(), 'error.type': '22012', 'db.response.status_code': '22012'}],
  );
  assert.deepEqual(countOf(metrics.get('db.client.response.returned_rows')), [2]);
});

test('streams and copies have durations of their own, and rows where rows are returned', async (context) => {
  const {collect} = observe(context);
  await database.db.task(async (task) => {
    await task.query(sql`CREATE TEMPORARY TABLE timed (n int)`);
    await task.copyFrom(sql`COPY timed (n) FROM STDIN`, [[1], [2], [3]]);
    for await (const row of task.queryStream(sql`SELECT n FROM timed`)) assert.ok(row.n > 0);
    for await (const bytes of task.copyTo(sql`COPY timed TO STDOUT`)) assert.ok(bytes.length > 0);
  });
  const metrics = await collect();
  const copy = {...target(), 'db.operation.name': 'COPY'};
  const duration = metrics.get('db.client.operation.duration');
  assert.deepEqual(
    duration?.dataPoints.map(({attributes}) => attributes),
    [
      target(),
      {...copy, 'databases_pg.stream.kind': 'copyFrom'},
      {...target(), 'databases_pg.stream.kind': 'queryStream'},
      {...copy, 'databases_pg.stream.kind': 'copyTo'},
    ],
  );
  assert.deepEqual(countOf(duration), [1, 1, 1, 1]);
  assert.deepEqual(
    pointsOf(metrics.get('db.client.response.returned_rows')).map(({attributes, value}) => [
      attributes['databases_pg.stream.kind'],
      Reflect.get(Object(value), 'sum'),
    ]),
    [
      [undefined, 0],
      ['queryStream', 3],
    ],
  );
});

function sumOf(metric: MetricData | undefined): number {
  return Number(Reflect.get(Object(metric?.dataPoints[0]?.value), 'sum'));
}

test('durations are in seconds', async (context) => {
  const {collect} = observe(context);
  const begun = performance.now();
  await database.db.task((task) => task.query(sql`SELECT pg_sleep(0.03)`));
  const passed = (performance.now() - begun) / 1000;
  const metrics = await collect();
  for (const name of ['db.client.operation.duration', 'db.client.connection.use_time']) {
    const sum = sumOf(metrics.get(name));
    assert.ok(sum >= 0.029 && sum <= passed, `${name}: ${sum} of ${passed}`);
  }
});

test('a connection that queries share is used, and what waits is pending', async (context) => {
  const {collect} = observe(context);
  const db = database.pool({poolName: 'busy'});
  const end = new AbortController();
  const query = db.query(sql`SELECT pg_sleep(600)`, {signal: end.signal});
  await eventually('it runs', () => db.stats().busy === 1);
  const waiting = db.task(() => Promise.resolve());
  await eventually('one waits', () => db.stats().waiting === 1);
  const metrics = await collect();
  end.abort();
  await assert.rejects(query, {name: 'AbortError'});
  await waiting;
  assert.deepEqual(pointsOf(metrics.get('db.client.connection.count')), [
    {attributes: state('busy', 'idle'), value: 0},
    {attributes: state('busy', 'used'), value: 1},
  ]);
  assert.deepEqual(pointsOf(metrics.get('db.client.connection.pending_requests')), [
    {attributes: pool('busy'), value: 1},
  ]);
});

test('a query that waits for a place is in wait_time, one that need not is not', async (context) => {
  const {collect} = observe(context);
  const db = database.pool({poolName: 'shared'});
  let waiting: Promise<unknown> | undefined;
  await db.task(async () => {
    // Asked for from outside, as by another request.
    waiting = outside(() => db.query(sql`SELECT 1`));
    await eventually('it waits', () => db.stats().waiting === 1);
  });
  await waiting;
  const count = async () => countOf((await collect()).get('db.client.connection.wait_time'));
  assert.deepEqual(await count(), [2]);
  await db.query(sql`SELECT 2`);
  assert.deepEqual(await count(), [2]);
  assert.deepEqual(countOf((await collect()).get('db.client.connection.use_time')), [1]);
});

const state = (name: string, value: string) => ({
  ...pool(name),
  'db.client.connection.state': value,
});
const pool = (name: string) => ({'db.client.connection.pool.name': name});

test('connections are counted by pool and state, and what waits', async (context) => {
  const before = database.pool({poolName: 'before', poolSize: 3});
  const {collect} = observe(context, {pools: [before]});
  const db = database.pool({poolName: 'later', poolSize: 1});
  await before.query(sql`SELECT 1`);
  await db.task(async () => {
    const metrics = await collect();
    assert.deepEqual(pointsOf(metrics.get('db.client.connection.count')), [
      {attributes: state('before', 'idle'), value: 1},
      {attributes: state('before', 'used'), value: 0},
      {attributes: state('later', 'idle'), value: 0},
      {attributes: state('later', 'used'), value: 1},
    ]);
    for (const name of ['max', 'idle.max']) {
      assert.deepEqual(pointsOf(metrics.get(`db.client.connection.${name}`)), [
        {attributes: pool('before'), value: 3},
        {attributes: pool('later'), value: 1},
      ]);
    }
    assert.deepEqual(
      pointsOf(metrics.get('db.client.connection.pending_requests')).map(({value}) => value),
      [0, 0],
    );
    assert.deepEqual(
      pointsOf(metrics.get('db.client.connection.idle.min')).map(({value}) => value),
      [0, 0],
    );
  });
});

test('waiting, opening and holding are measured, and waiting in vain is counted', async (context) => {
  const {collect} = observe(context);
  // Long enough to open a connection on a loaded machine.
  const db = database.pool({poolName: 'small', queueTimeoutMilliseconds: 1000});
  let asked: Promise<unknown> | undefined;
  const held = db.task(async () => {
    await (asked = Promise.allSettled(vain));
  });
  const vain = [db.tx(() => Promise.resolve()), db.query(sql`SELECT 1`)];
  await held;
  await asked;
  const metrics = await collect();
  const attributes = {'db.client.connection.pool.name': 'small'};
  assert.deepEqual(pointsOf(metrics.get('db.client.connection.timeouts')), [
    {attributes, value: 2},
  ]);
  for (const name of ['create_time', 'wait_time', 'use_time']) {
    const metric = metrics.get(`db.client.connection.${name}`);
    assert.equal(metric?.descriptor.unit, 's');
    assert.deepEqual(countOf(metric), [1], name);
    assert.deepEqual(metric.dataPoints[0]?.attributes, attributes);
  }
});

test('after stop() nothing is told, and nobody listens', async (context) => {
  const {instrumentation, spans} = observe(context);
  instrumentation.stop();
  for (const name of ['query', 'transaction', 'stream', 'acquire', 'connect']) {
    assert.equal(tracingChannel(`@databases/pg:${name}`).hasSubscribers, false);
  }
  await database.db.query(sql`SELECT 1`);
  await database.db.tx((tx) => tx.query(sql`SELECT 2`));
  assert.deepEqual(spans(), []);
});
