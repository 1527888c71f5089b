import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { lint } from '../../src/lint/index.ts';
import { format } from '../../src/parser/index.ts';
import { diskFiles } from '../../src/platform/index.ts';

const root = path.join(import.meta.dirname, '../../examples');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.conf'))
  .map((name) => path.join(root, name));

describe('examples', () => {
  for (const file of files) {
    test(`${path.relative(root, file)}: no mistake, and in form`, () => {
      // The configurations of one folder are the directors of one cluster.
      const peers = files.filter((other) => other !== file && path.dirname(other) === path.dirname(file));
      const { findings } = lint({ file, files: diskFiles, peers });
      assert.deepEqual(
        findings.filter(({ severity }) => severity !== 'info').map(({ rule, message }) => `${rule}: ${message}`),
        [],
      );
      const bytes = readFileSync(file);
      const formatted = format(file, bytes);
      assert.ok(formatted.ok);
      assert.equal(Buffer.from(formatted.value).toString(), bytes.toString());
    });
  }
});
