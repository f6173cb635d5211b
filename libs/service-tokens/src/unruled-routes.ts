import type { INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { accessRuleKey, type AccessRule } from './access-rule.ts';

/**
 * The HTTP handlers of an application that no `@RequireScope` or `@Public` speaks about, as `Class.method`. A test that
 * expects none keeps a new route from being forgotten.
 */
export function routesWithoutRule(app: INestApplicationContext): string[] {
  const scanner = new MetadataScanner();
  const reflector = app.get(Reflector);
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as object;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
      const rule = reflector.getAllAndOverride<AccessRule | undefined>(accessRuleKey, [handler, metatype]);
      return rule === undefined ? [`${metatype.name}.${name}`] : [];
    });
  });
}
