/** The addresses of a host name. The only user of node:dns, which is loaded for the first name. */

/** All addresses of a name, in the order of preference of the system; an address is its own. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** As the system does for all programs: its hosts file included, and IPv6 before IPv4 only where it says so. */
export const lookUpBySystem: LookUp = (host) =>
  new Promise((resolve, reject) => {
    process.getBuiltinModule('node:dns').lookup(host, {all: true}, (error, found) => {
      if (error === null) resolve([...new Set(found.map(({address}) => address))]);
      else reject(error);
    });
  });
