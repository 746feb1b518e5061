/** Tells the program's listeners of what happens in the cluster. What they throw harms nobody else. */
import {channel} from 'node:diagnostics_channel';
import type {ClusterEvents} from './cluster-api';

/** For tracers, which know of no cluster: as the event `failover` of each. */
const failoverChannel = channel('@databases/pg:failover');

type Listeners = {[Name in keyof ClusterEvents]: Set<(details: ClusterEvents[Name]) => void>};

export class EventHub {
  readonly #listeners: Listeners = {
    role: new Set(),
    eject: new Set(),
    admit: new Set(),
    failover: new Set(),
    splitBrain: new Set(),
    spill: new Set(),
    tokenLost: new Set(),
  };

  on<Name extends keyof ClusterEvents>(
    event: Name,
    listener: (details: ClusterEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners[event];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<Name extends keyof ClusterEvents>(event: Name, details: ClusterEvents[Name]): void {
    if (event === 'failover') failoverChannel.publish(details);
    for (const listener of this.#listeners[event]) {
      try {
        listener(details);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
