import assert from 'node:assert/strict';
import type { Diagnostic, SourceSpan } from '../../src/core/index.ts';
import { loadConfig, type LoadedConfig } from '../../src/config/index.ts';
import {
  parseConfig,
  printLayout,
  readLayout,
  type FileSource,
  type ParsedConfig,
  type SourceFile,
  type Statement,
  type Target,
} from '../../src/parser/index.ts';

/** Findings that are about the whole input and not about a place in it; `more … are not listed` is one of each code. */
const withoutPlace = new Set(['config-missing', 'config-unreadable']);
const perCode = 100;

type Files = Readonly<Record<string, Uint8Array>>;

/** Reads files in every way that Watchkeeper reads them, and holds each result to what must be true of any input. */
export function readAll(files: Files, main = '/m.conf'): void {
  for (const [path, bytes] of Object.entries(files))
    assert.deepEqual(printLayout(readLayout(path, bytes)), bytes, 'a layout is printed as it was read');
  const parsed = parse(files, main);
  checkParsed(files, parsed);
  for (const target of ['2.2.7', '2.4.3'] as const) {
    const loaded = load(files, main, target);
    checkDiagnostics(loaded.diagnostics, parsed.sources);
    assert.deepEqual(JSON.parse(JSON.stringify(loaded.config)), loaded.config, 'the model is plain data');
    const again = load(files, main, target);
    assert.deepEqual(
      [again.config, again.diagnostics],
      [loaded.config, loaded.diagnostics],
      'the same when read again',
    );
  }
}

function checkParsed(files: Files, parsed: ParsedConfig): void {
  checkDiagnostics(parsed.diagnostics, parsed.sources);
  const lines = parsed.sources.reduce((sum, { text }) => sum + text.split('\n').length, 0);
  // A line that is longer than what the reference reads may be more than one.
  const bytes = Object.values(files).reduce((sum, one) => sum + one.length, 0);
  assert.ok(parsed.lineCount <= lines + bytes / 1000 + 500_000, `${String(parsed.lineCount)} lines`);
  const inside = spanChecker(parsed.sources);
  const rest: Statement[] = [...parsed.tree.statements];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    for (const word of [one.keyword, ...one.args]) inside(word.span);
    if (one.block === undefined) continue;
    inside(one.block.open);
    inside(one.block.close);
    rest.push(...one.block.statements);
  }
}

function checkDiagnostics(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): void {
  const inside = spanChecker(sources);
  const counts = new Map<string, number>();
  for (const { code, message, hint, span } of diagnostics) {
    assert.match(code, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(message !== '' && message.length + (hint?.length ?? 0) < 2000, `${code}: ${message.slice(0, 200)}`);
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    assert.ok(count <= perCode + 1, `${code} is told too often`);
    if (span !== undefined) inside(span);
    else assert.ok(withoutPlace.has(code) || count === perCode + 1, `${code} has no place`);
  }
}

/** Fails for a span that is not a piece of one of the texts. */
function spanChecker(sources: readonly SourceFile[]): (span: SourceSpan) => void {
  const lengths = new Map(
    sources.map(({ path, text }) => [path, text.split('\n').map((line) => line.length)] as const),
  );
  return (span) => {
    const { file, line, column, endLine, endColumn } = span;
    const lines = lengths.get(file);
    const [length, endLength] = [lines?.[line - 1], lines?.[endLine - 1]];
    assert.ok(
      length !== undefined &&
        endLength !== undefined &&
        column >= 1 &&
        column <= length + 1 &&
        endColumn >= 1 &&
        endColumn <= endLength + 1 &&
        (endLine > line || (endLine === line && endColumn >= column)),
      `not a place: ${JSON.stringify(span)}`,
    );
  };
}

function parse(files: Files, main: string): ParsedConfig {
  return parseConfig({
    file: main,
    files: inMemory(files),
    configId: 'me',
    environment: { SITE: 'north' },
    random: () => 0.5,
    allConfig: false,
  });
}

function load(files: Files, main: string, target: Target): LoadedConfig {
  return loadConfig({
    file: main,
    files: inMemory(files),
    configId: 'me',
    hostName: 'me',
    environment: { SITE: 'north' },
    random: () => 0.5,
    target,
    host: {
      interfaces: new Set(['lo', 'eth0', 'eth1']),
      executable: (program) => program.length % 2 === 0,
      knownUser: (name) => name === 'root',
    },
  });
}

/** All files lie in `/`; `*` stands for all of them. Counts what is asked for, so that no input makes work without end. */
function inMemory(files: Files): FileSource {
  let asked = 0;
  const count = (): void => {
    assert.ok(++asked <= 250_000, 'files are asked for without end');
  };
  return {
    read: (path) => {
      count();
      const bytes = files[path];
      return bytes === undefined
        ? { ok: false, error: { kind: 'missing', text: 'does not exist' } }
        : { ok: true, value: bytes };
    },
    glob: (pattern) => {
      count();
      if (pattern === '*') return Object.keys(files).sort();
      const path = pattern.startsWith('/') ? pattern : `/${pattern}`;
      return path in files ? [path] : [];
    },
  };
}
