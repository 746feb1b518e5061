/** The addresses of a host name. The only importer of node:dns. */
import {lookup} from 'node:dns/promises';

/** All addresses of a name, in the order of preference of the system; an address is its own. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** As the system does for all programs: its hosts file included, and IPv6 before IPv4 only where it says so. */
export const lookUpBySystem: LookUp = async (host) => {
  const found = await lookup(host, {all: true});
  return [...new Set(found.map(({address}) => address))];
};
