/**
 * Reads `date`, `timestamp` and `timestamptz` as pg does: a Date. What names no zone is local time, `infinity` is the
 * number, fractions below a millisecond are dropped.
 */
const DATE_TIME =
  /^(?<year>\d{1,})-(?<month>\d\d)-(?<day>\d\d)(?:[ T](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?<fraction>\.\d+)?)?(?<zone>Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?(?<bc> BC)?$/;

export function parseDate(text: string): Date | number | null {
  if (text === 'infinity') return Infinity;
  if (text === '-infinity') return -Infinity;
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined) return null;
  const part = (name: string): number => Number(parts[name] ?? 0);
  // There is no year 0: 1 BC is followed by 1 AD.
  const year = parts['bc'] === undefined ? part('year') : 1 - part('year');
  const milliseconds = Math.floor(Number(`0${parts['fraction'] ?? ''}`) * 1000 + 1e-6);
  const date = new Date(0);
  if (parts['zone'] === undefined) {
    date.setFullYear(year, part('month') - 1, part('day'));
    date.setHours(part('hour'), part('minute'), part('second'), milliseconds);
    return date;
  }
  date.setUTCFullYear(year, part('month') - 1, part('day'));
  date.setUTCHours(part('hour'), part('minute'), part('second'), milliseconds);
  return new Date(date.getTime() - offsetMilliseconds(parts['zone']));
}

function offsetMilliseconds(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).match(/\d\d/g) ?? []).map(Number);
  const offset = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return zone.startsWith('-') ? -offset : offset;
}
