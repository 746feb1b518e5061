/** What a peer is asked in the workloads `connect-*`. Types only. */
import type {SessionOptions} from '../../peers/peer';

export interface Answer {
  readonly id: number;
  readonly name: string;
}

export type Options = Pick<SessionOptions, 'url' | 'certificateAuthority'>;

export interface ConnectProgram {
  /**
   * Connects, asks `SELECT id, name FROM point_item WHERE id = $1` and disconnects. With an authority: over TLS,
   * and only to a server whose certificate is from there. Without: no TLS.
   */
  ask(options: Options, id: number): Promise<readonly Answer[]>;
  /** The same for: is this connection encrypted? */
  isEncrypted(options: Options): Promise<boolean>;
}
