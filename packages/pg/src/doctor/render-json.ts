/** The report for programs: the model as it is, indented. */
import type {Report} from './report';

export function renderJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
