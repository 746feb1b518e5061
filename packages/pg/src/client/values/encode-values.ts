/** Turns the values of a query into parameters, before anything of it is written. */
import type {Statement} from '../../connection';
import {ValueError} from '../../errors';
import {encodeParameter, needsParameterType} from '../../types';
import type {EncodedParameter, TypeRegistry} from '../../types';

/** The count is an unsigned 16-bit integer in Bind. */
const MAX_PARAMETERS = 65_535;

const NO_PARAMETERS: readonly EncodedParameter[] = [];

export function encodeValues(
  values: readonly unknown[],
  valueIndexes: readonly number[] | undefined,
  statement: Statement,
  registry: TypeRegistry,
): readonly EncodedParameter[] {
  const count = valueIndexes === undefined ? values.length : valueIndexes.length;
  if (count === 0) return NO_PARAMETERS;
  if (count > MAX_PARAMETERS) {
    throw new ValueError(
      `a statement with ${count} parameters was to be sent; Postgres takes ${MAX_PARAMETERS} at most. Send the values as arrays and UNNEST them, or in several statements`,
      {code: 'PG_PARAMETER_INVALID'},
    );
  }
  const types = statement.parameterTypes;
  const parameters = new Array<EncodedParameter>(count);
  for (let i = 0; i < count; i++) {
    const value = valueIndexes === undefined ? values[i] : values[valueIndexes[i] ?? 0];
    const type = needsParameterType(value) ? registry.parameterTypeOf(types?.[i] ?? 0) : 0;
    parameters[i] = encodeParameter(value, type ?? 0, i + 1);
  }
  return parameters;
}

/** Whether the server has to be asked for the types of the parameters before they can be encoded. */
export function needsDescription(
  values: readonly unknown[],
  valueIndexes: readonly number[] | undefined,
  statement: Statement,
  registry: TypeRegistry,
): boolean {
  const count = valueIndexes === undefined ? values.length : valueIndexes.length;
  const types = statement.parameterTypes;
  for (let i = 0; i < count; i++) {
    const value = valueIndexes === undefined ? values[i] : values[valueIndexes[i] ?? 0];
    if (!needsParameterType(value)) continue;
    if (types === undefined || registry.parameterTypeOf(types[i] ?? 0) === undefined) return true;
  }
  return false;
}
