/** A server that answers each message of a client with the bytes that the test gives, and notes them all. */
import {FrontendDecoder} from '#scripted-server';
import type {FrontendMessage} from '#scripted-server';
import {listen} from '../../support/ports';

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** The messages of all connections, and their bytes. */
  readonly messages: readonly FrontendMessage[];
  readonly sent: Buffer;
}

/** `answer` is asked with each message and how many of its kind came before it on its connection. */
export async function startRawServer(
  answer: (message: FrontendMessage, before: number, sent: Buffer) => Buffer,
): Promise<RawServer> {
  const messages: FrontendMessage[] = [];
  const chunks: Buffer[] = [];
  const listener = await listen((socket) => {
    const decoder = new FrontendDecoder();
    const here: FrontendMessage[] = [];
    socket.on('data', (bytes: Buffer) => {
      chunks.push(bytes);
      for (const message of decoder.receive(bytes)) {
        const before = here.filter(({kind}) => kind === message.kind).length;
        here.push(message);
        messages.push(message);
        socket.write(answer(message, before, bytes));
      }
    });
  });
  return {
    port: listener.port,
    messages,
    get sent() {
      return Buffer.concat(chunks);
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
