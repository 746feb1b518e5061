/**
 * Ends the sessions that are still open when the process exits, so that the server hears Terminate instead
 * of a connection that breaks off.
 *
 * Node runs `exit` handlers also for process.exit() and uncaught errors, but waits for nothing in them.
 * That is enough: libuv hands a small write to the kernel at once where nothing is queued before it.
 * A process that a signal kills runs no handlers; its sessions end by the end of their sockets.
 *
 * Invariant: the process has one handler for all connections while there are any, none otherwise.
 */

export interface EndedAtExit {
  /** Must be synchronous. */
  terminateNow(): void;
}

export class ExitHook {
  readonly #process: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  readonly #open = new Set<EndedAtExit>();

  constructor(process: Pick<NodeJS.EventEmitter, 'on' | 'off'>) {
    this.#process = process;
  }

  add(session: EndedAtExit): void {
    if (this.#open.size === 0) this.#process.on('exit', this.#exit);
    this.#open.add(session);
  }

  delete(session: EndedAtExit): void {
    if (this.#open.delete(session) && this.#open.size === 0) {
      this.#process.off('exit', this.#exit);
    }
  }

  readonly #exit = (): void => {
    for (const session of this.#open) session.terminateNow();
  };
}

/** The one of this process, for connections of all pools. */
export const exitHook = new ExitHook(process);
