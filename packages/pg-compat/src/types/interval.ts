/** Reads `interval` in the style `postgres` as pg does: an object with the parts that are not zero. */
const UNITS = {year: 'years', mon: 'months', day: 'days'} as const;
const CLOCK =
  /^(?<sign>[+-]?)(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d)(?:\.(?<fraction>\d{1,6}))?$/;

type Part = 'years' | 'months' | 'days' | 'hours' | 'minutes' | 'seconds' | 'milliseconds';

/** As what it prints; the names and signs are those of the parts. */
export class PostgresInterval {
  declare years?: number;
  declare months?: number;
  declare days?: number;
  declare hours?: number;
  declare minutes?: number;
  declare seconds?: number;
  declare milliseconds?: number;

  constructor(text: string) {
    const words = text.split(' ');
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      const clock = CLOCK.exec(word)?.groups;
      if (clock !== undefined) {
        this.#readClock(clock);
        continue;
      }
      const unit = (words[at + 1] ?? '').replace(/s$/, '');
      if (unit === 'year' || unit === 'mon' || unit === 'day') {
        this.#set(UNITS[unit], Number(word));
        at++;
      }
    }
  }

  /** As a value to send. */
  toPostgres(): string {
    const parts = (['years', 'months', 'days', 'hours', 'minutes'] as const)
      .filter((part) => this[part] !== undefined)
      .map((part) => `${this[part]} ${part}`);
    const seconds = this.#secondsWithFraction();
    if (seconds !== '0') parts.push(`${seconds} seconds`);
    return parts.length === 0 ? '0' : parts.join(' ');
  }

  /** ISO 8601, with every part. */
  toISOString(): string {
    const {years = 0, months = 0, days = 0, hours = 0, minutes = 0} = this;
    return `P${years}Y${months}M${days}DT${hours}H${minutes}M${this.#secondsWithFraction()}S`;
  }

  toISO(): string {
    return this.toISOString();
  }

  #secondsWithFraction(): string {
    const seconds = (this.seconds ?? 0) + (this.milliseconds ?? 0) / 1000;
    return Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(6).replace(/0+$/, '');
  }

  #readClock(clock: Record<string, string>): void {
    const sign = clock['sign'] === '-' ? -1 : 1;
    this.#set('hours', sign * Number(clock['hours']));
    this.#set('minutes', sign * Number(clock['minutes']));
    this.#set('seconds', sign * Number(clock['seconds']));
    const microseconds = Number((clock['fraction'] ?? '').padEnd(6, '0'));
    this.#set('milliseconds', (sign * microseconds) / 1000);
  }

  // A part that is zero is not there, so that two equal intervals are deeply equal.
  #set(part: Part, value: number): void {
    if (value !== 0) this[part] = value;
  }
}

export function parseInterval(text: string): PostgresInterval {
  return new PostgresInterval(text);
}
