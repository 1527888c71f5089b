import type { SourceFile, Piece } from '../../../parser/index.ts';
import { layoutOf } from '../../../parser/index.ts';
import type { Report, Rule } from '../../rule.ts';

const suspect =
  /[\u201c-\u201f\u2018\u2019\u2013\u2014\u2212\u00a0\u202f\u2007\u3000]|\u200b|\u200c|\u200d|\u2060|\ufeff/;
const blanks = /[\u00a0\u202f\u2007\u3000]/;
const invisible = /\u200b|\u200c|\u200d|\u2060|\ufeff/;
const doubleQuotes = /[\u201c-\u201f]/;
const singleQuotes = /[\u2018\u2019]/;

/** Characters that word processors and web pages put in the place of others. */
export const typographicCharacter: Rule = {
  id: 'typographic-character',
  severity: 'error',
  title: 'a typographic quote, dash or blank, as web pages have them',
  *check(director) {
    for (const source of director.sources.values()) {
      if (source.encoding === 'utf-8' && suspect.test(source.text)) yield* judge(source);
    }
  },
};

function* judge(source: SourceFile): Iterable<Report> {
  for (const [index, { pieces }] of layoutOf(source).lines.entries()) {
    let column = 1;
    for (const piece of pieces) {
      const at = found(piece);
      if (at !== -1) {
        const char = piece.text[at] ?? '';
        const place = { file: source.path, line: index + 1, column: column + at };
        yield {
          at: { ...place, endLine: place.line, endColumn: place.column + 1 },
          message: `${nameOf(char)} is a letter like others to keepalived: it is part of the word around it`,
          hint: remedy(char),
        };
        // One a line is enough to find the others.
        break;
      }
      column += piece.text.length;
    }
  }
}

function found({ kind, text }: Piece): number {
  // In double quotes it may be meant, but for what nobody can see.
  if (kind === 'quoted') return text.search(invisible);
  if (kind !== 'word') return -1;
  const at = text.search(suspect);
  const dash = /[\u2013\u2014\u2212]/.test(text[at] ?? '');
  return dash && at > 0 && !/^\d/.test(text) ? -1 : at;
}

function nameOf(char: string): string {
  const code = `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (blanks.test(char)) return `a special blank (${code})`;
  if (invisible.test(char)) return `an invisible character (${code})`;
  return `'${char}' (${code})`;
}

function remedy(char: string): string {
  if (blanks.test(char)) return 'type a common blank in its place';
  if (invisible.test(char)) return 'remove it: delete the word and type it again';
  if (doubleQuotes.test(char)) return 'type "';
  if (singleQuotes.test(char)) return "type '";
  return 'type -';
}
