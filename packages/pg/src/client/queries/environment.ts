/** What the objects of one pool share: how to read and write values, what to tell whom, how long to wait. */
import type {TypeRegistry} from '../../types';
import type {StatementCatalog} from '../statements/statement-catalog';
import type {Failures} from '../telemetry/failures';
import type {LastServer} from '../telemetry/last-server';
import type {QueryHandlers} from '../telemetry/query-handlers';
import type {ReleaseEvents} from '../telemetry/release-events';
import type {TypeLookup} from '../values/type-lookup';

export interface Environment {
  /** What traces say of what is not about one connection. */
  readonly traceTarget: LastServer;
  readonly catalog: StatementCatalog;
  readonly registry: TypeRegistry;
  /** For statements of this package's own: the program's type parsers do not reach it. */
  readonly ownRegistry: TypeRegistry;
  readonly typeLookup: TypeLookup;
  readonly handlers: QueryHandlers;
  /** Tells the program of what no caller is there to be told. */
  readonly report: (error: Error) => void;
  /** What failed last, for `stats()`. */
  readonly failures: Failures;
  readonly releases: ReleaseEvents;
  readonly slowQueryMilliseconds: number;
  /** 0 = never. */
  readonly leakWarningMilliseconds: number;
  /** Where each connection was asked for is remembered. */
  readonly captureStacks: boolean;
  readonly acquireLockTimeoutMilliseconds: number;
  /** Makes the comment of a query that is asked for now. Undefined: none gets one. */
  readonly comment: (() => string) | undefined;
  /** 0 = none. */
  readonly queryTimeoutMilliseconds: number;
}
