import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lint } from '../../src/lint/index.ts';
import { textFiles } from '../../src/parser/index.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  /** `rule line` of all that is told. */
  readonly told: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: 'behind the line',
    text: 'global_defs {\n  prioriti 1 # lint:ignore unknown-keyword an extension\n}\n',
    told: [],
  },
  {
    name: 'on the line before',
    text: 'global_defs {\n  ! lint:ignore unknown-keyword an extension\n\n  prioriti 1\n  prioritz 2\n}\n',
    told: ['unknown-keyword 5'],
  },
  {
    name: 'before a block: about the whole block',
    text: '# lint:ignore unknown-keyword,bad-argument an extension\nglobal_defs\n{\n  prioriti 1\n  smtp_connect_timeout x\n}\nprioritz\n',
    told: ['unknown-keyword 7'],
  },
  {
    name: 'behind an extension',
    text: 'SSL {\n  # watchkeeper: tls_verifi "a # b" # lint:ignore unknown-extension of tomorrow\n}\n',
    told: [],
  },
  {
    name: 'before an extension: about that line alone',
    text: 'SSL {\n  # lint:ignore unknown-extension of tomorrow\n  # watchkeeper: tls_verifi\n  # watchkeeper: tls_verifz\n}\n',
    told: ['unknown-extension 4'],
  },
  {
    name: 'before a block whose first line has an extension: about the whole block',
    text: '# lint:ignore unknown-keyword,unknown-extension of tomorrow\nSSL { # watchkeeper: tls_verifi\n  certificat x\n}\n',
    told: [],
  },
  {
    name: 'behind an extension that is behind a line: about that line',
    text: 'SSL {\n  certificat x # watchkeeper: tls_verifi ! lint:ignore unknown-extension,unknown-keyword of tomorrow\n}\n',
    told: [],
  },
  {
    name: 'in the quoted word of an extension it is no comment',
    text: 'SSL {\n  # watchkeeper: tls_ca_file "/a # lint:ignore bad-extension x"\n}\n',
    told: [],
  },
  {
    name: 'another rule stays',
    text: 'global_defs {\n  prioriti 1 # lint:ignore bad-argument an extension\n}\n',
    told: ['unknown-keyword 2', 'bad-ignore 2'],
  },
  {
    name: 'without a reason it ignores, and says that the reason is missing',
    text: 'global_defs {\n  prioriti 1 # lint:ignore unknown-keyword\n}\n',
    told: ['bad-ignore 2'],
  },
  {
    name: 'a rule that does not exist',
    text: 'global_defs {\n  # lint:ignore unknown-keywords why\n  router_id A\n}\n',
    told: ['bad-ignore 2'],
  },
  { name: 'no rule at all', text: 'global_defs {\n  router_id A # lint:ignore\n}\n', told: ['bad-ignore 2'] },
  {
    name: 'in a quoted text it is no comment',
    text: 'global_defs {\n  router_id "# lint:ignore x y"\n}\n',
    told: [],
  },
  {
    name: 'at the end of the file',
    text: 'global_defs {\n  router_id A\n}\n# lint:ignore no-addresses x',
    told: ['bad-ignore 4'],
  },
];

describe('lint:ignore', () => {
  for (const { name, text, told } of rows) {
    test(name, () => {
      const { findings } = lint({ file: 'x.conf', files: textFiles({ 'x.conf': text }) });
      const wanted = findings.filter(({ severity }) => severity !== 'info');
      assert.deepEqual(
        wanted.map(({ rule, span }) => `${rule} ${String(span?.line)}`),
        told,
      );
    });
  }

  test('a comment in an included file is about that file', () => {
    const files = textFiles({
      'a.conf': 'include b.conf\nprioriti\n',
      './b.conf': 'prioritz # lint:ignore unknown-keyword an extension\n',
    });
    const { findings, suppressed } = lint({ file: 'a.conf', files });
    assert.deepEqual(
      findings.map(({ span }) => `${String(span?.file)}:${String(span?.line)}`),
      ['a.conf:2'],
    );
    assert.equal(suppressed, 1);
  });
});
