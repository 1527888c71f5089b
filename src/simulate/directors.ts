import type { VrrpInstance } from '../config/index.ts';
import { withoutVmacs, type EngineConfig } from '../vrrp/index.ts';

/** A director to be: what its process reads, and later the files that a reload names. */
export interface DirectorSetup {
  /** The name of its file, or d1, d2 … where that is not one of its own. */
  readonly name: string;
  readonly file: string;
  readonly config: EngineConfig;
  /** By the name that the script gives the file. */
  readonly reloads: ReadonlyMap<string, EngineConfig>;
}

/** With virtual addresses on the interfaces themselves: hardware addresses mean nothing on this network. */
export function onPlainInterfaces(setup: DirectorSetup): DirectorSetup {
  const plain = (config: EngineConfig): EngineConfig => ({ ...config, vrrp: withoutVmacs(config.vrrp) });
  const reloads = new Map([...setup.reloads].map(([file, config]) => [file, plain(config)]));
  return { ...setup, config: plain(setup.config), reloads };
}

/** All configurations that a director may run with. */
export function configsOf({ config, reloads }: DirectorSetup): readonly EngineConfig[] {
  return [config, ...reloads.values()];
}

export function instancesOf(setup: DirectorSetup): readonly VrrpInstance[] {
  return configsOf(setup).flatMap(({ vrrp }) => vrrp.instances);
}

/** Names for the files' directors: the file's name without its folder and ending where that is one of its own. */
export function directorNames(files: readonly string[]): readonly string[] {
  const bare = files.map((file) => (file.split('/').at(-1) ?? file).replace(/\.[^.]*$/, ''));
  const usable = bare.every(
    (name, i) => /^[A-Za-z0-9][\w.-]*$/.test(name) && bare.indexOf(name) === i && !words.has(name),
  );
  return usable ? bare : files.map((_, i) => `d${String(i + 1)}`);
}

/** Words that begin something else in a script. */
const words = new Set([
  'at',
  'always',
  'expect',
  'end',
  'link',
  'cut',
  'heal',
  'loss',
  'duplicate',
  'reorder',
  'delay',
  'no',
  'one',
  'nobody',
]);

/** `name` or its place, as d1: what a script may call a director. Undefined: there is none of that name. */
export function findDirector<T extends { readonly name: string }>(all: readonly T[], name: string): T | undefined {
  const place = /^d([1-9]\d?)$/.exec(name)?.[1];
  return all.find((director) => director.name === name) ?? (place === undefined ? undefined : all[Number(place) - 1]);
}
