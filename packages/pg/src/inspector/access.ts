/**
 * Who may look, where the program does not say: only this machine. Pure.
 *
 * The address alone would let in any web page that the user of this machine has open: a name of its owner can be made
 * to lead to 127.0.0.1 (DNS rebinding), and then the page may read the answer. Such requests give themselves away by the
 * `Host` that they name. A proxy on this machine passes on requests of others from an address of this machine; most say
 * so in a header. One that does not, and names `localhost` as the host, cannot be told from the user.
 */

export interface RequestFacts {
  readonly remoteAddress: string | undefined;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Why the request is refused, and what to do about it; undefined: it is not. */
export function refusalOf({remoteAddress, headers}: RequestFacts): string | undefined {
  if (remoteAddress === undefined || !isLoopbackAddress(remoteAddress)) {
    return 'it comes from another machine. To allow that, give inspector() a function authorize(request)';
  }
  const {host} = headers;
  if (typeof host !== 'string' || !isLoopbackHost(host)) {
    return 'its Host is no name of this machine. Ask for http://localhost with the port, or give inspector() a function authorize(request)';
  }
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) {
    return 'it comes through a proxy. To allow that, give inspector() a function authorize(request)';
  }
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return 'it was made by a page of another site';
  }
  return undefined;
}

/** 127.0.0.0/8 and ::1, also as a socket for both families writes them. */
function isLoopbackAddress(address: string): boolean {
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address) || address === '::1';
}

function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || isLoopbackAddress(name);
}
