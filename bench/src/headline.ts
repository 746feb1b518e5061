/** The one measure by which a workload is shown where there is room for one only. Data only. */
import type {Measure} from './measure';

interface Headline {
  readonly measure: Measure;
  /** What is compared, where it is not how much is done per second. */
  readonly remark: string;
}

const speed: Headline = {measure: 'operationsPerSecond', remark: ''};
// Requests come at a fixed rate there, so the rate says nothing; how long they wait does.
const waiting: Headline = {measure: 'fastP99Milliseconds', remark: 'p99 of the fast ones'};

const headlines: ReadonlyMap<string, Headline> = new Map([
  ['slow-2000', waiting],
  ['slow-4000', waiting],
  ['slow-parameter', waiting],
  ['import', {measure: 'importMilliseconds', remark: 'time to import'}],
  ['idle-memory', {measure: 'rssBytesPerConnection', remark: 'memory per connection'}],
]);

export function headlineOf(workload: string): Headline {
  return headlines.get(workload) ?? speed;
}
