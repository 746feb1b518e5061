/**
 * The program's own parsers of types: by OID at once, by name when the database can be asked.
 *
 * Names given to the `types` function of the options wait for the first query, so that creating a pool
 * opens no connection; that query then waits for them.
 */
import type {TypeOverrides} from '../../config';
import {parseArray, parseComposite} from '../../types';
import type {TypeParser, TypeRegistry} from '../../types';
import {findTypeOid} from './type-lookup';
import type {StatementRunner} from './type-lookup';

export class TypeParsers {
  readonly #registry: TypeRegistry;
  readonly #runner: StatementRunner;
  #pending: (() => Promise<void>)[] = [];
  #ready: Promise<void> | undefined;

  constructor(
    registry: TypeRegistry,
    runner: StatementRunner,
    overrides: TypeOverrides | undefined,
  ) {
    this.#registry = registry;
    this.#runner = runner;
    if (typeof overrides === 'function') this.#configure(overrides);
  }

  /** What the first query has to wait for; undefined when there is nothing. */
  get ready(): Promise<void> | undefined {
    if (this.#pending.length > 0) {
      const pending = this.#pending;
      this.#pending = [];
      this.#ready = Promise.all(pending.map((resolve) => resolve())).then(() => {
        this.#ready = undefined;
      });
    }
    return this.#ready;
  }

  async set<T>(type: number | string, parser: (text: string) => T): Promise<(text: string) => T> {
    this.#registry.setTypeParser(await this.#oidOf(type), parser);
    return parser;
  }

  async get(type: number | string): Promise<TypeParser> {
    return this.#registry.getTypeParser(await this.#oidOf(type));
  }

  async #oidOf(type: number | string): Promise<number> {
    return typeof type === 'number' ? type : findTypeOid(type, this.#runner);
  }

  #configure(overrides: Extract<TypeOverrides, (...args: never[]) => unknown>): void {
    const registry = this.#registry;
    const later = <T>(work: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        this.#pending.push(() => work().then(resolve, reject));
      });
    const get = (name: string) => this.get(name);
    const set = async (name: string, parser: TypeParser) => {
      await this.set(name, parser);
    };
    function getTypeParser(type: number): TypeParser;
    function getTypeParser(type: string): Promise<TypeParser>;
    function getTypeParser(type: number | string): TypeParser | Promise<TypeParser> {
      if (typeof type === 'number') return registry.getTypeParser(type);
      return later(() => get(type));
    }
    function setTypeParser(type: number, parser: TypeParser): void;
    function setTypeParser(type: string, parser: TypeParser): Promise<void>;
    function setTypeParser(type: number | string, parser: TypeParser): void | Promise<void> {
      if (typeof type === 'number') {
        registry.setTypeParser(type, parser);
        return undefined;
      }
      return later(() => set(type, parser));
    }
    overrides({getTypeParser, setTypeParser, parseArray, parseComposite});
  }
}
