/**
 * TypeORM loads its drivers for all databases, of which PostgreSQL's is used. The modules of the others are empty, so that whoever asked for one would get an error at once.
 * @type {import('rolldown').Plugin}
 */
export const withoutOtherDatabases = {
  name: 'without-other-databases',
  load: {
    filter: { id: /\/node_modules\/typeorm\/driver\/(?!postgres\/|types\/)[^/]+\/[^/]+\.js$/ },
    handler: () => 'module.exports = {};',
  },
};
