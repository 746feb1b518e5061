/** The programs of a workload by peer. */
import type {PeerName} from '../peers';
import type {Implementation} from './workload';

export type Implementations = Readonly<Partial<Record<PeerName, () => Promise<Implementation>>>>;
