import type { Rule } from '../../rule.ts';
import { byteOrderMark } from './byte-order-mark.ts';
import { commentInsideWord } from './comment-inside-word.ts';
import { equalsSign } from './equals-sign.ts';
import { extraWords } from './extra-words.ts';
import { fifoScriptWithoutFifo } from './fifo-script-without-fifo.ts';
import { flagWithArgument } from './flag-with-argument.ts';
import { globalDefsTooLate } from './global-defs-too-late.ts';
import { lineContinuation } from './line-continuation.ts';
import { lostBackslash } from './lost-backslash.ts';
import { manPageBrackets } from './man-page-brackets.ts';
import { quoteInsideWord } from './quote-inside-word.ts';
import { quotedInclude } from './quoted-include.ts';
import { repeatedKeyword } from './repeated-keyword.ts';
import { sampleLeftover } from './sample-leftover.ts';
import { scriptInSharedFolder } from './script-in-shared-folder.ts';
import { scriptInsecure } from './script-insecure.ts';
import { scriptTimeout } from './script-timeout.ts';
import { shellSyntax } from './shell-syntax.ts';
import { slowDetection } from './slow-detection.ts';
import { smtpAlertWithoutRecipients } from './smtp-alert-without-recipients.ts';
import { twoNames } from './two-names.ts';
import { typographicCharacter } from './typographic-character.ts';
import { unclosedSingleQuote } from './unclosed-single-quote.ts';
import { undefinedParameter } from './undefined-parameter.ts';
import { unusedObject } from './unused-object.ts';
import { wordsAfterCommand } from './words-after-command.ts';

/** Mistakes of the language itself, and of scripts and their words. */
export const languageRules: readonly Rule[] = [
  byteOrderMark,
  commentInsideWord,
  equalsSign,
  extraWords,
  fifoScriptWithoutFifo,
  flagWithArgument,
  globalDefsTooLate,
  lineContinuation,
  lostBackslash,
  manPageBrackets,
  quoteInsideWord,
  quotedInclude,
  repeatedKeyword,
  sampleLeftover,
  scriptInSharedFolder,
  scriptInsecure,
  scriptTimeout,
  shellSyntax,
  slowDetection,
  smtpAlertWithoutRecipients,
  twoNames,
  typographicCharacter,
  unclosedSingleQuote,
  undefinedParameter,
  unusedObject,
  wordsAfterCommand,
];
