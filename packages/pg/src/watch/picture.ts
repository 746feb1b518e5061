/** What `databases-pg watch` shows at one moment, and where it gets it from. Types only. */
import type {TerminalStyle} from './terminal-table';

export interface Picture {
  /** For `--json`. */
  readonly data: object;
  render(style: TerminalStyle): string[];
}

export interface Source {
  /** @throws What to tell: an error of this package, or one with a message for people. */
  look(): Promise<Picture>;
  close(): Promise<void>;
}
