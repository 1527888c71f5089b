/** The permanent codes of what is wrong with the text itself, each with what it says in a few words. */
export const parserCodes = {
  'backslash-after-comment': 'a backslash ends a comment',
  'bad-repetition': 'a ~SEQ or ~LST cannot be carried out',
  'config-missing': 'the configuration file does not exist',
  'config-unreadable': 'the configuration file cannot be read',
  'expansion-too-deep': 'definitions expand without end',
  'extra-brace': "a '}' that closes nothing",
  'include-cycle': 'a file includes itself',
  'include-missing': 'no file matches an include',
  'include-unreadable': 'an included file cannot be read',
  'line-too-long': 'a line is longer than keepalived reads',
  'missing-brace': "a block lacks its '{' or its '}'",
  'nul-byte': 'a line holds a NUL byte',
  'too-deep': 'blocks are nested too deep',
  'too-long': 'definitions and repetitions grow too long',
  'too-many-files': 'too many files are included',
  'unexpected-brace': "a '{' that opens no block",
  'unmatched-quote': 'the number of double quotes is odd, those after a backslash counted',
  'unterminated-quote': 'a double quote is not closed on its line',
} as const satisfies Readonly<Record<string, string>>;

export type ParserCode = keyof typeof parserCodes;
