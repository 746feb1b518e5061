/**
 * The code blocks of a page of the guide, with what their info strings ask for.
 *
 * It reads text only. Every block has to be one of the kinds below: one that says nothing a reader of
 * this file knows is an error, so no block goes unexecuted by accident.
 */

/** What a fence may say behind its language. */
export interface BlockOptions {
  /** Write the block to this file of the page's project. */
  readonly file?: string;
  /** Run the file as a program. With a signal: send it when the program has printed its first line. */
  readonly run?: boolean | NodeJS.Signals;
  /** The variable that holds the connection string while the program runs. */
  readonly env?: string;
  /** The exit code the program ends with. Default 0. */
  readonly exit?: number;
  /** The block is what the program before it prints. */
  readonly output?: boolean;
  /** Another test executes this block: its path from the root. */
  readonly testedBy?: string;
}

export interface Block {
  /** `page.md:line` of the first line of code. */
  readonly place: string;
  readonly language: string;
  readonly options: BlockOptions;
  readonly code: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const SIGNALS: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT']);

/** @throws An error that names the block whose info string cannot be understood, or that is not closed. */
export function readBlocks(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: {fence: string; info: string; line: number; code: string[]} | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, fence, info = ''] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== undefined) open = {fence, info: info.trim(), line: index + 2, code: []};
    } else if (fence?.startsWith(open.fence) === true && info.trim() === '') {
      const place = `${page}:${open.line}`;
      const [language = '', ...words] = open.info.split(/\s+/);
      blocks.push({
        place,
        language,
        options: readOptions(words, place),
        code: open.code.join('\n'),
      });
      open = undefined;
    } else {
      open.code.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: this code block is not closed`);
  return blocks;
}

function readOptions(words: readonly string[], place: string): BlockOptions {
  return Object.assign({}, ...words.map((word) => readOption(word, place)));
}

function readOption(word: string, place: string): BlockOptions {
  const [name, value = ''] = word.split('=', 2);
  if (name === 'file' && value !== '') return {file: value};
  if (name === 'env' && value !== '') return {env: value};
  if (name === 'exit' && /^\d+$/.test(value)) return {exit: Number(value)};
  if (name === 'tested-by' && value !== '') return {testedBy: value};
  if (word === 'output') return {output: true};
  if (word === 'run') return {run: true};
  if (name === 'run' && isSignal(value)) return {run: value};
  throw new Error(`${place}: "${word}" in the info string of a code block means nothing here`);
}

function isSignal(value: string): value is 'SIGTERM' | 'SIGINT' {
  return SIGNALS.has(value);
}
