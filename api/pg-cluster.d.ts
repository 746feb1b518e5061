// The public API of @databases/pg-cluster. Written by tools/generate-api.mjs (npm run api).

// dist/api/cluster-api.d.ts
import type { Connection, CopyOptions, CopySource, ConnectionPool, ListenOptions, Notification, QueryNodeStreamOptions, QueryOptions, QueryStreamOptions, Queryable, QueryableType, ResultRow, RowStream, SQLQuery, Subscription, Transaction, TransactionOptions } from '@databases/pg';
import type { Readable } from 'node:stream';
import type { NodePhase } from '../health/node-phase';
import type { Target, Verdict } from '../routing';
export type Consistency = 'session' | 'eventual' | 'monotonic' | 'strong';
export interface ClusterOptions {
    readonly consistency?: Consistency;
    readonly waitMilliseconds?: number;
    readonly maxLagMilliseconds?: number;
    readonly noReplica?: 'primary' | 'error';
    readonly primarySpill?: number;
    readonly failoverTimeoutMilliseconds?: number;
    readonly probeMilliseconds?: number;
    readonly reads?: readonly string[];
    readonly writes?: readonly string[];
    readonly route?: (text: string) => Target | undefined;
}
export interface ClusterHosts {
    readonly hosts: readonly string[];
    readonly resolveMilliseconds?: number;
    readonly resolve?: (host: string) => Promise<readonly string[]>;
}
export interface Routed {
    readonly on?: Target;
}
export interface ClusterNodeState {
    readonly name: string;
    readonly role: 'primary' | 'replica' | 'unknown';
    readonly phase: NodePhase;
    readonly reason: string | undefined;
    readonly timeline: number | undefined;
    readonly lagMilliseconds: number | undefined;
    readonly lagBytes: number | undefined;
    readonly inFlight: number;
    readonly meanMilliseconds: number;
    readonly answerMilliseconds: number | undefined;
}
export interface ClusterEvents {
    role: {
        readonly node: string;
        readonly role: 'primary' | 'replica';
    };
    eject: {
        readonly node: string;
        readonly reason: string;
    };
    admit: {
        readonly node: string;
    };
    failover: {
        readonly from: string | undefined;
        readonly to: string;
        readonly timeline: number;
    };
    splitBrain: {
        readonly nodes: readonly string[];
        readonly timeline: number;
    };
    spill: {
        readonly limit: number;
    };
    tokenLost: {
        readonly token: string;
    };
}
export interface SessionOptions {
    readonly after?: string;
}
export interface Cluster extends Queryable, AsyncDisposable {
    readonly type: QueryableType.Cluster;
    readonly primary: ConnectionPool;
    readonly replica: ConnectionPool;
    query(query: SQLQuery, options?: QueryOptions & Routed): Promise<ResultRow[]>;
    query(queries: readonly SQLQuery[], options?: QueryOptions & Routed): Promise<ResultRow[][]>;
    queryStream(query: SQLQuery, options?: QueryStreamOptions & Routed): RowStream;
    queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions & Routed): Readable;
    tx<T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactionOptions & Routed): Promise<T>;
    task<T>(fn: (connection: Connection | Transaction) => Promise<T>, options?: Routed): Promise<T>;
    copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number>;
    copyTo(query: SQLQuery, options?: CopyOptions): Readable;
    listen(channel: string, handler: (notification: Notification) => unknown, options?: ListenOptions): Promise<Subscription>;
    session<T>(fn: () => Promise<T>): Promise<T>;
    session<T>(options: SessionOptions, fn: () => Promise<T>): Promise<T>;
    token(): Promise<string>;
    explain(query: SQLQuery): Promise<Verdict>;
    nodes(): ClusterNodeState[];
    on<Name extends keyof ClusterEvents>(event: Name, listener: (details: ClusterEvents[Name]) => void): () => void;
    readonly disposed: boolean;
    dispose(): Promise<void>;
}

// dist/health/node-phase.d.ts
export type NodePhase = 'unproven' | 'serving' | 'suspect' | 'lagging' | 'ejected';
export type NodeEvent = 
'caughtUp'
 | 'behind'
 | 'missed'
 | 'missedTooMany'
 | 'broke';
export declare const TOO_MANY_MISSED = 3;
export declare class NodeHealth {
    #private;
    phase: NodePhase;
    servingSince: number;
    hear(event: Exclude<NodeEvent, 'missedTooMany'>, now: number): NodePhase;
    get serves(): boolean;
}

// dist/index.d.mts
import api from './index.js';
export default api;
export declare const CATALOGUE_QUERY: string, Router: typeof api.Router, classify: typeof api.classify, describeVerdict: typeof api.describeVerdict, onPrimary: typeof api.onPrimary, onReplica: typeof api.onReplica, readCatalogue: typeof api.readCatalogue, renderNodes: typeof api.renderNodes;
export type { Catalogue, CatalogueOptions, CatalogueRow, Cluster, ClusterEvents, ClusterHosts, ClusterNodeState, ClusterOptions, Consistency, RenderNodesOptions, Routed, SessionOptions, Verdict, } from './index.js';

// dist/index.d.ts
import type { ConnectionPool, ConnectionPoolConfig } from '@databases/pg';
import type { Cluster, ClusterEvents, ClusterHosts, ClusterNodeState, ClusterOptions, Consistency, Routed, SessionOptions } from './api/cluster-api';
import { renderNodes } from './rendering/render-nodes';
import type { RenderNodesOptions } from './rendering/render-nodes';
import { CATALOGUE_QUERY, Router, classify, describeVerdict, readCatalogue } from './routing';
import type { Catalogue, CatalogueOptions, CatalogueRow, Verdict } from './routing';
import { onPrimary, onReplica } from './routing/marked-query';
declare function createCluster(primary: ConnectionPool, replicas: ConnectionPool | readonly ConnectionPool[], options?: ClusterOptions): Cluster;
declare function createCluster(hosts: ClusterHosts & Omit<ConnectionPoolConfig, 'host' | 'port'>, options?: ClusterOptions): Cluster;
declare namespace createCluster {
    export { createCluster as default, CATALOGUE_QUERY, Router, classify, describeVerdict, onPrimary, onReplica, readCatalogue, renderNodes, };
    export type { Catalogue, CatalogueOptions, CatalogueRow, Cluster, ClusterEvents, ClusterHosts, ClusterNodeState, ClusterOptions, Consistency, RenderNodesOptions, Routed, SessionOptions, Verdict, };
}
export = createCluster;

// dist/rendering/render-nodes.d.ts
import type { ClusterNodeState } from '../api/cluster-api';
import type { Column } from './render-table';
export interface RenderNodesOptions {
    readonly colours?: boolean;
}
export declare const FIRST_COLUMNS: readonly Column<ClusterNodeState>[];
export declare const LAST_COLUMNS: readonly Column<ClusterNodeState>[];
export declare function renderNodes(nodes: readonly ClusterNodeState[], { colours }?: RenderNodesOptions): string;
export interface Routes {
    readonly writesGoTo: string | undefined;
    readonly readsGoTo: readonly string[];
}
export declare function routesOf(nodes: readonly ClusterNodeState[]): Routes;
export declare function renderRoutes(nodes: readonly ClusterNodeState[]): string;
export declare function renderMilliseconds(milliseconds: number | undefined): string;
export declare function renderBytes(bytes: number): string;

// dist/rendering/render-table.d.ts
export interface Cell {
    readonly text: string;
    readonly colour?: number | undefined;
}
export interface Column<Row> {
    readonly title: string;
    readonly align?: 'right';
    readonly cell: (row: Row) => Cell | string;
}
export declare function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], colours: boolean): string[];
export declare function paint(text: string, colour: number | undefined, colours: boolean): string;
export declare function printable(text: string): string;

// dist/routing/catalogue-query.d.ts
export declare const CATALOGUE_QUERY = "\nWITH RECURSIVE\nvolatile_function AS (\n  SELECT oid FROM pg_catalog.pg_proc WHERE provolatile = 'v'\n),\nbad_function AS (\n  SELECT p.oid, p.proname FROM pg_catalog.pg_proc p\n  WHERE p.prorettype <> 'tsm_handler'::regtype AND (\n    p.provolatile = 'v' OR p.prokind = 'p' OR EXISTS (\n      SELECT FROM pg_catalog.pg_aggregate a JOIN volatile_function v\n        ON v.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)\n      WHERE a.aggfnoid = p.oid\n    )\n  )\n),\nunreplicated AS (\n  SELECT oid, relname FROM pg_catalog.pg_class\n  WHERE relkind IN ('S', 'f') OR relkind IN ('r', 'p', 'm', 't') AND relpersistence <> 'p'\n  UNION\n  SELECT c.oid, c.relname FROM unreplicated u\n  JOIN pg_catalog.pg_inherits i ON i.inhrelid = u.oid\n  JOIN pg_catalog.pg_class c ON c.oid = i.inhparent\n)\nSELECT 'harmless' AS kind, p.proname::text AS name, NULL AS text\nFROM pg_catalog.pg_proc p LEFT JOIN bad_function b ON b.oid = p.oid\nGROUP BY p.proname HAVING count(b.oid) = 0\nUNION ALL\nSELECT DISTINCT 'denied', proname::text, NULL FROM bad_function\nUNION ALL\nSELECT DISTINCT 'code', p.proname::text, NULL FROM bad_function b\nJOIN pg_catalog.pg_proc p ON p.oid = b.oid\nJOIN pg_catalog.pg_language l ON l.oid = p.prolang\nWHERE p.oid >= 16384 AND l.lanname NOT IN ('internal', 'c')\nUNION ALL\nSELECT DISTINCT 'denied', relname::text, NULL FROM unreplicated\nUNION ALL\nSELECT 'denied', c.relname::text, NULL FROM pg_catalog.pg_class c\nWHERE c.relkind = 'v' AND c.relnamespace = 'pg_catalog'::regnamespace AND c.relname NOT IN (\n  'pg_tables', 'pg_views', 'pg_matviews', 'pg_indexes', 'pg_roles', 'pg_user', 'pg_group', 'pg_policies', 'pg_rules',\n  'pg_publication_tables', 'pg_seclabels', 'pg_stats', 'pg_stats_ext'\n)\nUNION ALL\nSELECT DISTINCT 'denied', t.typname::text, NULL\nFROM pg_catalog.pg_cast c JOIN bad_function b ON b.oid = c.castfunc\nJOIN pg_catalog.pg_type t ON t.oid IN (c.castsource, c.casttarget)\nUNION ALL\nSELECT DISTINCT 'denied', t.typname::text, NULL\nFROM pg_catalog.pg_type t JOIN volatile_function v\n  ON v.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin)\nWHERE t.typtype = 'b' AND t.oid >= 16384\nUNION ALL\nSELECT DISTINCT 'operator', o.oprname::text, NULL\nFROM pg_catalog.pg_operator o JOIN bad_function b ON b.oid = o.oprcode\nUNION ALL\nSELECT 'definition', c.relname::text, pg_catalog.pg_get_viewdef(c.oid)\nFROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\nWHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')\nUNION ALL\nSELECT 'definition', c.relname::text, 'SELECT ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid)\nFROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid\nWHERE p.polqual IS NOT NULL\nUNION ALL\nSELECT 'definition', t.typname::text, 'SELECT ' || pg_catalog.pg_get_expr(c.conbin, 0)\nFROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_type t ON t.oid = c.contypid\nWHERE c.contype = 'c'\n";

// dist/routing/catalogue.d.ts
export interface Catalogue {
    readonly harmlessFunctions: ReadonlySet<string>;
    readonly deniedNames: ReadonlySet<string>;
    readonly deniedOperators: ReadonlySet<string>;
    readonly runningCode: ReadonlySet<string>;
}

// dist/routing/classify.d.ts
import type { Catalogue } from './catalogue';
import type { LexicalSettings } from './lexical-settings';
import type { Verdict } from './verdict';
export declare function classify(text: string, catalogue: Catalogue | undefined, settings?: LexicalSettings): Verdict;

// dist/routing/lexical-settings.d.ts
export interface LexicalSettings {
    readonly standardConformingStrings?: boolean;
}

// dist/routing/marked-query.d.ts
import type { SQLQuery } from '@databases/sql';
import type { Target } from './verdict';
export declare function onPrimary(query: SQLQuery): SQLQuery;
export declare function onReplica(query: SQLQuery): SQLQuery;
export declare function markOf(query: SQLQuery): Target | undefined;

// dist/routing/read-catalogue.d.ts
import type { Catalogue } from './catalogue';
import type { LexicalSettings } from './lexical-settings';
export interface CatalogueRow {
    readonly kind: 'harmless' | 'denied' | 'operator' | 'code' | 'definition';
    readonly name: string;
    readonly text: string | null;
}
export interface CatalogueOptions extends LexicalSettings {
    readonly reads?: readonly string[];
    readonly writes?: readonly string[];
}
export declare function readCatalogue(rows: readonly CatalogueRow[], { reads, writes, ...settings }?: CatalogueOptions): Catalogue;
export declare function isSameCatalogue(one: Catalogue, other: Catalogue): boolean;

// dist/routing/router.d.ts
import type { Catalogue } from './catalogue';
import type { LexicalSettings } from './lexical-settings';
import type { Target, Verdict } from './verdict';
export interface RouterOptions extends LexicalSettings {
    readonly route?: (text: string) => Target | undefined;
    readonly maxRemembered?: number;
}
export declare class Router {
    #private;
    constructor(options?: RouterOptions);
    use(catalogue: Catalogue | undefined): void;
    verdict(text: string): Verdict;
}

// dist/routing/verdict.d.ts
export type Target = 'primary' | 'replica';
export type RuleName = 
'reads'
 | 'byProgram'
 | 'catalogueNotLoaded'
 | 'notLexed'
 | 'unreadableName'
 | 'firstWord'
 | 'copyElsewhere'
 | 'writes'
 | 'locksRows'
 | 'sessionState'
 | 'unknownCall'
 | 'deniedName'
 | 'deniedOperator';
export interface Verdict {
    readonly target: Target;
    readonly rule: RuleName;
    readonly at?: {
        readonly text: string;
        readonly offset: number;
    };
}
export declare function toPrimary(rule: RuleName, text?: string, offset?: number): Verdict;
export declare const READS: Verdict;
export declare function describeVerdict({ target, rule, at }: Verdict): string;
