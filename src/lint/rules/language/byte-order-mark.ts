import type { Rule } from '../../rule.ts';

/** keepalived reads the mark as part of the first word, and so loses the first block. */
export const byteOrderMark: Rule = {
  id: 'byte-order-mark',
  severity: 'error',
  title: 'the file begins with a byte order mark',
  *check(director) {
    for (const source of director.sources.values()) {
      if (!source.byteOrderMark) continue;
      yield {
        at: source.span(0, 1),
        message:
          'the file begins with a byte order mark: to keepalived it is part of the first word, whose block is lost',
        hint: "save it as UTF-8 without BOM: sed -i '1s/^\\xef\\xbb\\xbf//' FILE",
      };
    }
  },
};
