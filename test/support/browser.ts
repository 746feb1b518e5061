/**
 * A real browser: from the machine or out of Debian's packages.
 *
 * It is spoken to in the DevTools protocol over a pipe, so there is no port and nothing to install for that either.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Duplex, Readable, Writable} from 'node:stream';
import {debianFolder, librariesOf} from './debian-packages';

export interface BrowserProgram {
  readonly path: string;
  readonly libraries: string;
}

export interface Browser extends AsyncDisposable {
  open(url: string, options?: PageOptions): Promise<Page>;
}

export interface PageOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export interface Page {
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
  /** What the page's console said of errors, and what its policy forbade. */
  readonly complaints: readonly string[];
}

const PACKAGE = 'chromium-headless-shell';
const PROGRAM = `usr/lib/chromium/${PACKAGE}`;
const INSTALLED = [
  process.env['BROWSER_PROGRAM'] ?? '',
  `/${PROGRAM}`,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
];

/** Undefined on a machine where there is none and none can be had. */
export function findBrowser(): BrowserProgram | undefined {
  const path = INSTALLED.find((one) => one !== '' && existsSync(one));
  if (path !== undefined) return runs({path, libraries: ''});
  const folder = debianFolder('browser', [PACKAGE]);
  if (folder === undefined) return undefined;
  return runs({path: join(folder, PROGRAM), libraries: librariesOf(folder)});
}

/** Undefined when the program does not run, for example for want of a library. */
function runs(program: BrowserProgram): BrowserProgram | undefined {
  const {status} = spawnSync(program.path, ['--version'], {
    env: {...process.env, LD_LIBRARY_PATH: program.libraries},
  });
  return status === 0 ? program : undefined;
}

type Message = Readonly<Record<string, unknown>>;

function member(value: unknown, ...path: string[]): unknown {
  let found: unknown = value;
  for (const name of path) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return found;
}

export async function startBrowser({path, libraries}: BrowserProgram): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'browser-profile-'));
  const child = spawn(
    path,
    [
      '--headless',
      '--remote-debugging-pipe',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: {...process.env, LD_LIBRARY_PATH: libraries},
    },
  );
  const closed = once(child, 'close');
  const devTools = new DevTools(child.stdio[3], child.stdio[4]);
  void closed.then(() => devTools.end('the browser has ended'));
  return {
    open: (url, options = {}) => openPage(devTools, url, options),
    async [Symbol.asyncDispose]() {
      // Killed, it would leave processes behind that still write into the profile.
      void devTools.ask('Browser.close', {}).catch(() => undefined);
      await closed;
      rmSync(profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
    },
  };
}

/** Commands and events, each a line of JSON that ends with a zero byte. */
class DevTools {
  readonly #output: Writable;
  readonly #waiting = new Map<
    number,
    {resolve: (message: Message) => void; reject: (error: Error) => void}
  >();
  readonly #listeners: ((message: Message) => void)[] = [];
  #last = 0;

  constructor(output: unknown, input: unknown) {
    if (!(output instanceof Writable || output instanceof Duplex)) throw new Error('no pipe');
    if (!(input instanceof Readable)) throw new Error('no pipe');
    this.#output = output;
    output.on('error', (error) => this.end(error.message));
    let rest = '';
    input.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#hear(JSON.parse(message));
    });
  }

  ask(method: string, params: Message, sessionId?: string): Promise<Message> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject});
      this.#output.write(`${JSON.stringify({id, method, params, sessionId})}\0`);
    });
  }

  listen(listener: (message: Message) => void): void {
    this.#listeners.push(listener);
  }

  end(reason: string): void {
    for (const {reject} of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #hear(message: Message): void {
    const {id} = message;
    if (typeof id !== 'number') {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const failure = member(message, 'error', 'message');
    if (failure !== undefined) waiting?.reject(new Error(JSON.stringify(failure)));
    else waiting?.resolve(message);
  }
}

async function openPage(
  devTools: DevTools,
  url: string,
  {dark = false, width = 1200, height = 900}: PageOptions,
): Promise<Page> {
  const target = await devTools.ask('Target.createTarget', {url: 'about:blank'});
  const targetId = member(target, 'result', 'targetId');
  const attached = await devTools.ask('Target.attachToTarget', {targetId, flatten: true});
  const session = String(member(attached, 'result', 'sessionId'));
  const ask = (method: string, params: Message = {}) => devTools.ask(method, params, session);
  const complaints: string[] = [];
  devTools.listen(({method, params, sessionId}) => {
    if (sessionId !== session) return;
    if (method === 'Log.entryAdded') complaints.push(String(member(params, 'entry', 'text')));
    if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(params));
  });
  await ask('Runtime.enable');
  await ask('Log.enable');
  await ask('Emulation.setDeviceMetricsOverride', {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await ask('Emulation.setEmulatedMedia', {
    features: [{name: 'prefers-color-scheme', value: dark ? 'dark' : 'light'}],
  });
  await ask('Page.navigate', {url});
  return {
    complaints,
    async evaluate(expression) {
      const answer = await ask('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      const thrown = member(answer, 'result', 'exceptionDetails', 'exception', 'description');
      if (thrown !== undefined) throw new Error(JSON.stringify(thrown));
      return member(answer, 'result', 'result', 'value');
    },
    async screenshot() {
      const answer = await ask('Page.captureScreenshot', {format: 'png'});
      return Buffer.from(String(member(answer, 'result', 'data')), 'base64');
    },
  };
}
