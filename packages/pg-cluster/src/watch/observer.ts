/**
 * Looks at the nodes of a cluster with the monitors that a program's cluster has, and asks the servers for the rest.
 *
 * Has no traffic of its own and writes nothing. A server that does not answer holds nothing up: the picture is what is
 * known when it is asked for.
 */
import type {ClusterEvents} from '../api/cluster-api';
import {EventHub} from '../api/cluster-events';
import {observeNodes} from '../cluster/create-cluster';
import type {NamedPool} from '../cluster/create-cluster';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';
import {nodeStates} from '../topology/node-states';
import {CLIENTS, STANDBYS, readClients, readStandbys} from './ask-servers';
import type {Clients} from './ask-servers';
import {describeEvent} from './picture';
import type {Happened, Picture, Standby} from './picture';

export interface ObserverSettings {
  readonly maxLagMilliseconds: number;
  readonly probeMilliseconds: number;
  readonly now: () => Date;
  /** Called after something happened that is an event of clusters. */
  readonly onEvent: (event: Happened) => void;
}

const EVENT_NAMES: readonly (keyof ClusterEvents)[] = [
  'role',
  'eject',
  'admit',
  'failover',
  'splitBrain',
];
const KEPT_EVENTS = 10;

export class Observer {
  readonly #settings: ObserverSettings;
  readonly #state: ClusterState;
  readonly #events: Happened[] = [];
  readonly #clients = new Map<ClusterNode, Clients>();
  readonly #asking = new Map<ClusterNode, Promise<void>>();
  #standbys: readonly Standby[] = [];

  constructor(pools: readonly NamedPool[], settings: ObserverSettings) {
    this.#settings = settings;
    const hub = new EventHub();
    for (const name of EVENT_NAMES) this.#listen(hub, name);
    this.#state = observeNodes(pools, settings, hub);
  }

  /** Looks at every node once. The monitors go on by themselves. */
  async look(): Promise<void> {
    await Promise.all(this.#state.nodes.map(async ({monitor}) => monitor?.probeNow()));
  }

  /** Whether each node is known to serve or to be gone: one look is too few to tell how far behind a replica is. */
  get isSettled(): boolean {
    return this.#state.nodes.every(({health}) => health.serves || health.phase === 'ejected');
  }

  /** Asks the servers that answer for what only they know. Resolves when each has answered or failed. */
  async askServers(): Promise<void> {
    const asked: Promise<void>[] = [];
    for (const node of this.#state.nodes) {
      if (!node.answers) {
        this.#clients.delete(node);
        continue;
      }
      const asking = this.#asking.get(node) ?? this.#ask(node);
      this.#asking.set(node, asking);
      asked.push(asking);
    }
    if (this.#state.primary === undefined) this.#standbys = [];
    await Promise.all(asked);
  }

  picture(): Picture {
    const states = nodeStates(this.#state);
    return {
      at: this.#settings.now(),
      nodes: states.map((state, index) => {
        const node = this.#state.nodes[index];
        const clients = node === undefined ? undefined : this.#clients.get(node);
        return {
          ...state,
          clients: clients?.clients,
          activeClients: clients?.activeClients,
        };
      }),
      standbys: this.#standbys,
      events: [...this.#events],
    };
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#state.nodes.map(async ({pool, monitor}) => {
        await monitor?.stop();
        // A server that is frozen would be waited for.
        pool.disconnect('the command ends');
        await pool.dispose();
      }),
    );
    this.#state.close();
  }

  async #ask(node: ClusterNode): Promise<void> {
    try {
      const clients = readClients(await node.pool.query(CLIENTS));
      if (clients === undefined) this.#clients.delete(node);
      else this.#clients.set(node, clients);
      if (node === this.#state.primary) {
        this.#standbys = readStandbys(await node.pool.query(STANDBYS));
      }
    } catch {
      // Its monitor says what is wrong with it.
      this.#clients.delete(node);
      if (node === this.#state.primary) this.#standbys = [];
    } finally {
      this.#asking.delete(node);
    }
  }

  #listen(hub: EventHub, name: keyof ClusterEvents): void {
    hub.on(name, (details) => {
      const event = {at: this.#settings.now(), text: describeEvent(name, details)};
      this.#events.push(event);
      if (this.#events.length > KEPT_EVENTS) this.#events.shift();
      this.#settings.onEvent(event);
    });
  }
}
