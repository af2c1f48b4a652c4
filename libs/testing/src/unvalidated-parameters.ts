import 'reflect-metadata';
import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** Nest's own keys (ROUTE_ARGS_METADATA, RouteParamtypes); not part of its public exports. */
const ROUTE_ARGS = '__routeArguments__';
const SOURCES: Record<string, string> = { 3: 'body', 4: 'query', 5: 'param' };

type RouteArguments = Record<string, { index: number; data?: unknown; schema?: unknown }>;

const methodsOf = (controller: Type): string[] => {
  const names = new Set<string>();
  for (
    let prototype = controller.prototype as object | null;
    prototype && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  )
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  return [...names];
};

/**
 * The body, query and path parameters (and message payloads) of all controllers that have no schema, as
 * `Controller.method body #0`. Nest would let each of them pass unchecked.
 */
export const unvalidatedParameters = (app: INestApplication): string[] => {
  const found: string[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as Type | null;
      if (!controller) continue;
      for (const method of methodsOf(controller)) {
        const args = (Reflect.getMetadata(ROUTE_ARGS, controller, method) ?? {}) as RouteArguments;
        for (const [key, { index, schema }] of Object.entries(args)) {
          const source = SOURCES[key.split(':')[0] as string];
          if (source && !schema) found.push(`${controller.name}.${method} ${source} #${index}`);
        }
      }
    }
  }
  return found.sort();
};
