/* What `import` gets: the same objects as `require`, under names. */
// oxlint-disable-next-line import/default -- `export =` is the default export of CommonJS
import api from './index.js';

export default api;
export const {
  CATALOGUE_QUERY,
  Router,
  classify,
  describeVerdict,
  onPrimary,
  onReplica,
  readCatalogue,
  renderNodes,
} = api;
export type {
  Catalogue,
  CatalogueOptions,
  CatalogueRow,
  Cluster,
  ClusterEvents,
  ClusterHosts,
  ClusterNodeState,
  ClusterOptions,
  Consistency,
  RenderNodesOptions,
  Routed,
  SessionOptions,
  Verdict,
} from './index.js';
