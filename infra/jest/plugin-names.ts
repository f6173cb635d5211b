/**
 * Fastify looks for a plugin's name among all loaded modules where the plugin brings none. Jest makes that list anew at
 * each look, which took longer than the rest of a service's start; so here each plugin brings the name of its function.
 */
const displayName = Symbol.for('fastify.display-name');
Object.defineProperty(Function.prototype, displayName, {
  get(this: { readonly name: string }) { return this.name || 'plugin'; },
  // A plugin that brings a name of its own keeps that.
  set(this: object, value: unknown) { Object.defineProperty(this, displayName, { value, writable: true }); },
});
