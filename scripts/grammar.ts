// Writes grammar/keepalived-conf.ebnf from the Chevrotain grammar; a test compares the two.
import { writeFileSync } from 'node:fs';
import { grammarText } from '../src/parser/index.ts';

writeFileSync('grammar/keepalived-conf.ebnf', grammarText());
