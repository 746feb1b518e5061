/*
 * What is known of one template in the source: worked out once per array of strings, however often the
 * template is evaluated.
 *
 * The language makes one array of strings per place in the source and hands in the same one each time,
 * frozen. So the array is the template's identity, and a WeakMap on it never goes stale.
 */
import {argumentError, buildError, typeName} from './errors';
import {type FormatConfig, type FormattedQuery} from './format';
import {type Layout, layOut, type Misplaced} from './layout';

/** The text of a template in which every slot is a value, for one way of formatting. */
interface FormattedText {
  readonly placeholders: readonly string[];
  readonly text: string;
}

export class Template {
  /** The first value that could not be one, if all slots of the template are values. */
  readonly misplaced: Misplaced | undefined;
  readonly #layout: Layout;
  readonly #formatted = new WeakMap<FormatConfig, FormattedText>();

  constructor(strings: readonly string[]) {
    this.#layout = layOut(
      strings,
      strings.slice(1).map(() => 'value'),
    );
    this.misplaced = this.#layout.misplaced[0];
  }

  /** Formats the template with a value in every slot. The text is joined once per config. */
  format(values: readonly unknown[], config: FormatConfig): FormattedQuery {
    const placeholders: string[] = [];
    const formattedValues = values.map((value, index) => {
      const formatted = config.formatValue(value, index);
      placeholders.push(formatted.placeholder);
      return formatted.value;
    });
    let known = this.#formatted.get(config);
    // A placeholder may depend on its value ($1::jsonb), so the text is only good for the same ones.
    if (known === undefined || !known.placeholders.every((text, i) => text === placeholders[i])) {
      known = {placeholders, text: joinTexts(this.#layout.texts, placeholders)};
      this.#formatted.set(config, known);
    }
    return Object.freeze({text: known.text, values: Object.freeze(formattedValues)});
  }
}

function joinTexts(texts: readonly string[], placeholders: readonly string[]): string {
  let joined = texts[0] ?? '';
  for (const [i, placeholder] of placeholders.entries())
    joined += placeholder + (texts[i + 1] ?? '');
  return joined;
}

const templates = new WeakMap<TemplateStringsArray, Template>();

/** What is known of the template with these strings. Throws if no template can have made them. */
export function templateOf(strings: TemplateStringsArray): Template {
  return templates.get(strings) ?? register(strings);
}

function register(strings: TemplateStringsArray): Template {
  if (!isTemplateStrings(strings)) {
    throw argumentError(
      'SQL_NOT_A_TEMPLATE',
      'sql is a template tag: write sql`...`, not sql(...). ' +
        `It was called with ${typeName(strings)}, which could be anybody's text. ` +
        'If you trust the text, use sql.__dangerous__rawValue(text); for a parameter, sql.value(value).',
    );
  }
  const broken = strings.findIndex((text: unknown) => typeof text !== 'string');
  if (broken !== -1) {
    throw buildError(
      'SQL_NOT_A_TEMPLATE',
      `Text number ${broken + 1} of this template has an escape sequence that JavaScript cannot read. ` +
        'Double its backslash.',
    );
  }
  // TypeScript's ES5 output does not freeze them; what was checked must stay what it was.
  Object.freeze(strings);
  const template = new Template(strings);
  templates.set(strings, template);
  return template;
}

/**
 * Whether the array comes from a tagged template. Frozen with a `raw` array: as the language makes it,
 * and Babel, SWC and esbuild when they replace template literals. TypeScript's ES5 output leaves it
 * unfrozen, but defines `raw` as the language does: neither writable nor enumerable. JSON and parsed
 * query strings can make neither.
 */
function isTemplateStrings(strings: unknown): boolean {
  if (!Array.isArray(strings)) return false;
  const raw = Object.getOwnPropertyDescriptor(strings, 'raw');
  if (raw === undefined || !Array.isArray(raw.value) || raw.value.length !== strings.length) {
    return false;
  }
  return Object.isFrozen(strings) || (raw.writable === false && raw.enumerable === false);
}
