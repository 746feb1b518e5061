/**
 * Where the pictures go: a terminal is drawn over again, anything else gets lines.
 *
 * Invariant: after `close()` a terminal is as it was, with the last picture left on it.
 */
import {renderEvent, renderPicture, renderPictureJson} from './render-picture';
import type {Happened, Picture} from './picture';

export interface Output {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Screen {
  /** The latest picture, as often as there is one. */
  show(picture: Picture): void;
  happened(event: Happened): void;
  close(): void;
}

const ALTERNATE_SCREEN = '\u001B[?1049h\u001B[?25l';
const FORMER_SCREEN = '\u001B[?25h\u001B[?1049l';
const TO_THE_TOP = '\u001B[H';
const CLEAR_REST_OF_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

export function terminalScreen(output: Output, colours: boolean): Screen {
  let last: Picture | undefined;
  output.write(ALTERNATE_SCREEN);
  return {
    show(picture) {
      last = picture;
      // A terminal that does not know its size says that it is 0.
      const columns = output.columns === 0 ? undefined : output.columns;
      const lines = [...renderPicture(picture, {colours, columns}), '', 'Ctrl-C or q ends it.'];
      const visible = output.rows ? lines.slice(0, output.rows - 1) : lines;
      const text = visible.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
      output.write(`${TO_THE_TOP}${text}${CLEAR_BELOW}`);
    },
    // The next picture has it.
    happened() {},
    close() {
      const text = last === undefined ? '' : linesOf(renderPicture(last, {colours}));
      output.write(`${FORMER_SCREEN}${text}`);
    },
  };
}

/** The first picture, then a line for each thing that happens, then the picture again if roles or phases changed. */
export function lineScreen(output: Output): Screen {
  let shown: string | undefined;
  return {
    show(picture) {
      const key = picture.nodes.map(({name, role, phase}) => `${name} ${role} ${phase}`).join();
      if (key === shown) return;
      shown = key;
      output.write(`${linesOf(renderPicture({...picture, events: []}, {colours: false}))}\n`);
    },
    happened(event) {
      // What the first picture shows already is no news.
      if (shown !== undefined) output.write(`${renderEvent(event, false)}\n`);
    },
    close() {},
  };
}

/** Each picture is a line. */
export function jsonScreen(output: Output): Screen {
  return {
    show: (picture) => void output.write(`${renderPictureJson(picture)}\n`),
    happened() {},
    close() {},
  };
}

function linesOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
