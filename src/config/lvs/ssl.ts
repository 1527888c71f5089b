import { defined } from '../defined.ts';
import type { SslContext } from '../model/lvs.ts';
import { readBlock, type Findings, type Reading } from '../read.ts';

/** The SSL block; where it, or one of its lines, is given again, the last counts. */
export function readSsl(findings: Findings, root: Reading): SslContext | undefined {
  const blocks = root.all('SSL');
  for (const again of blocks.slice(1)) replaced(findings, 'SSL', 'the top level', again.statement.keyword.span);
  const readings = blocks.map(({ statement }) => readBlock(findings, 'SSL', 'SSL', statement.block?.statements ?? []));
  for (const reading of readings) {
    for (const name of ['password', 'ca', 'certificate', 'key']) {
      for (const again of reading.all(name).slice(1))
        replaced(findings, name, reading.object, again.statement.keyword.span);
    }
  }
  const last = readings.at(-1);
  if (last === undefined) return undefined;
  return defined({
    password: last.text('password'),
    ca: last.text('ca'),
    certificate: last.text('certificate'),
    key: last.text('key'),
  });
}

function replaced(findings: Findings, name: string, object: string, span: Parameters<Findings['error']>[1]): void {
  findings.error(
    'duplicate-keyword',
    span,
    `'${name}' is given twice in ${object}`,
    'the last counts: remove the others',
  );
}
