import type { ISerializedGast } from 'chevrotain';
import { ShapeParser } from './grammar.ts';

/** What the lexer does line by line, which no rule of the parser holds. */
const lexical = `(* Tokens, made line by line; blanks stand between them, and a comment ends the line. *)
Words       = word , { word } ;
word        = plain-word | quoted-string ;
plain-word  = plain-char , { plain-char } ;
plain-char  = "\\#" | "\\!" | ? any character but a blank, a line end and one of " # ! { } ? ;
quoted-string = '"' , { "\\" , ? any character ? | ? any character but " and a line end ? } , '"' ;
LeftBrace   = "{" ;
RightBrace  = "}" ;
comment     = extension | ( "#" | "!" ) , ? the rest of the line ? ;
extension   = comment-char , { comment-char } , "watchkeeper:" , word , { word } , [ comment ] ;
comment-char = "#" | "!" ;
`;

/** The grammar as ISO 14977 EBNF; the rules come from the parser itself. */
export function grammarText(): string {
  const rules = new ShapeParser().getSerializedGastProductions().map((rule) => {
    const { name } = rule as unknown as { readonly name: string };
    return `${name} = ${sequence(definitionOf(rule))} ;\n`;
  });
  const head = `(* keepalived.conf as a grammar of shapes, after includes, conditions (@id), definitions ($NAME) and
   repetitions (~SEQ, ~LST) have been carried out. Names of keywords are in no rule. *)\n\n`;
  return `${head}${rules.join('')}\n${lexical}`;
}

function definitionOf(node: ISerializedGast): readonly ISerializedGast[] {
  return node.definition ?? [];
}

function sequence(nodes: readonly ISerializedGast[]): string {
  return nodes.map(expression).join(' , ');
}

function expression(node: ISerializedGast): string {
  const { name = '' } = node as unknown as { readonly name?: string };
  switch (node.type) {
    case 'Terminal':
    case 'NonTerminal':
      return name;
    case 'Option':
      return `[ ${sequence(definitionOf(node))} ]`;
    case 'Repetition':
      return `{ ${sequence(definitionOf(node))} }`;
    default:
      return `( ${sequence(definitionOf(node))} )`;
  }
}
