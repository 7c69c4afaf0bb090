/** Who may import whom (ARCHITECTURE.md, "Folders"). A folder with main.ts is a process; any other is a library. */
const LIBRARIES = 'config|db|documents|queue|media|evidence|outbound|edge';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment:
        'services/domain holds rules only: no npm package, no other folder, of Node only crypto hashing.',
      severity: 'error',
      from: { path: '^services/domain/' },
      to: { pathNot: '^services/domain/|^(node:)?crypto$' },
    },
    {
      name: 'libraries-know-only-domain',
      comment: 'Sibling libraries never import each other.',
      severity: 'error',
      from: { path: `^services/(${LIBRARIES})/` },
      to: {
        path: '^(services|workers|models|tests|tools)/',
        pathNot: ['^services/domain/', '^services/$1/'],
      },
    },
    {
      name: 'models-runtime-knows-only-domain',
      severity: 'error',
      from: { path: '^models/runtime/' },
      to: { path: '^(services|workers|tests|tools)/', pathNot: '^services/domain/' },
    },
    {
      name: 'processes-do-not-import-processes',
      comment:
        'Processes meet in the database, the queue and the broker. Only standalone starts the others, as child processes.',
      severity: 'error',
      from: { path: '^(services/(gateway|api|standalone)|workers/[^/]+)/' },
      to: { path: '^(services/(gateway|api|standalone)|workers/[^/]+)/', pathNot: '^$1/' },
    },
    {
      name: 'web-knows-only-http',
      severity: 'error',
      from: { path: '^services/web/' },
      to: { path: '^(services/(?!web)|workers|models|tests|tools)' },
    },
    {
      name: 'nobody-imports-tests-or-tools',
      severity: 'error',
      from: { pathNot: '^(tests|tools)/' },
      to: { path: '^(tests|tools)/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^services/web/dist/' },
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
