/**
 * Host, hostaddr and port lists -> one host, hostaddr and port per server (docs "Specifying Multiple Hosts").
 *
 * Invariant of the result: `host` and `port` have the same length; `hostaddr` has it too, or is empty.
 */
import {invalid, nameSource} from './settings';
import type {Provenance, Setting} from './settings';

export interface ResolvedHosts {
  readonly host: readonly string[];
  readonly hostaddr: readonly string[];
  readonly port: readonly number[];
}

const defaultHost = 'localhost';
const defaultPort = 5432;

/** @throws {ConfigurationError} For counts that do not fit, an empty or impossible host, address or port. */
export function resolveHosts(
  hostSetting: Setting | undefined,
  addressSetting: Setting | undefined,
  portSetting: Setting | undefined,
): ResolvedHosts {
  const hostaddr = list(addressSetting);
  const hosts = list(hostSetting);
  if (addressSetting !== undefined)
    for (const address of hostaddr)
      if (address !== '' && !isAddress(address))
        throw invalid(
          addressSetting.from,
          'hostaddr must be IPv4 or IPv6 addresses; write names in host.',
        );
  if (
    hostSetting !== undefined &&
    addressSetting !== undefined &&
    hosts.length > 0 &&
    hostaddr.length > 0 &&
    hosts.length !== hostaddr.length
  )
    throw invalid(
      addressSetting.from,
      `${hostaddr.length} hostaddr for ${hosts.length} host (from ${nameSource(hostSetting.from)}); there must be as many.`,
    );
  const count = Math.max(hosts.length, hostaddr.length, 1);
  const host = Array.from({length: count}, (_, index) => {
    const name = hosts[index] ?? '';
    if (name !== '') return name;
    const address = hostaddr[index] ?? '';
    return address === '' ? defaultHost : address;
  });
  if (hostSetting !== undefined) for (const name of host) checkHost(name, hostSetting);
  return {host, hostaddr, port: resolvePorts(portSetting, hostSetting, count)};
}

function resolvePorts(
  setting: Setting | undefined,
  hostSetting: Setting | undefined,
  hostCount: number,
): number[] {
  const ports = list(setting);
  if (setting === undefined || ports.length === 0)
    return Array.from({length: hostCount}, () => defaultPort);
  if (ports.length > 1 && ports.length !== hostCount)
    throw invalid(
      setting.from,
      `${ports.length} ports for ${hostCount} host${hostCount === 1 ? '' : 's'}${
        hostSetting === undefined ? '' : ` (from ${nameSource(hostSetting.from)})`
      }; give one port, or as many as hosts.`,
    );
  return Array.from({length: hostCount}, (_, index) => {
    const text = (ports.length === 1 ? ports[0] : ports[index])?.trim() ?? '';
    return text === '' ? defaultPort : readPort(text, setting.from);
  });
}

/** @throws {ConfigurationError} Unless `text` is a whole number from 1 to 65535. */
export function readPort(text: string, from: Provenance): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw invalid(from, 'the port is not a whole number from 1 to 65535.');
  return port;
}

function checkHost(host: string, setting: Setting): void {
  if (host.startsWith('/') || host.startsWith('@')) return;
  if (/\s/.test(host)) throw invalid(setting.from, 'there is white space in a host name.');
  if (host.includes('://'))
    throw invalid(
      setting.from,
      'the host is an address with "://"; pass that as connectionString, or only its host here.',
    );
}

// Tells addresses from names; whether an address is well-formed the connect finds out.
function isAddress(text: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(text) || /^[\da-f.]*:[\da-f:.]+(?:%\w+)?$/i.test(text);
}

function list(setting: Setting | undefined): string[] {
  return setting === undefined || setting.value === '' ? [] : setting.value.split(',');
}
