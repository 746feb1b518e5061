/** The types of the engine that its entry does not name. */
import type {TextReader} from '@databases/pg/raw';

export type Column = Parameters<TextReader['columns']>[0][number];
