import type { Rule } from '../../rule.ts';
import { byteOrderMark } from './byte-order-mark.ts';
import { commentInsideWord } from './comment-inside-word.ts';
import { curlWithoutFail } from './curl-without-fail.ts';
import { devTcpWithoutBash } from './dev-tcp-without-bash.ts';
import { equalsSign } from './equals-sign.ts';
import { extraWords } from './extra-words.ts';
import { fifoScriptWithoutFifo } from './fifo-script-without-fifo.ts';
import { flagWithArgument } from './flag-with-argument.ts';
import { globalDefsTooLate } from './global-defs-too-late.ts';
import { killByName } from './kill-by-name.ts';
import { lineContinuation } from './line-continuation.ts';
import { lostBackslash } from './lost-backslash.ts';
import { manPageBrackets } from './man-page-brackets.ts';
import { parameterNotExpanded } from './parameter-not-expanded.ts';
import { quoteInsideWord } from './quote-inside-word.ts';
import { quotedInclude } from './quoted-include.ts';
import { relativePath } from './relative-path.ts';
import { repeatedKeyword } from './repeated-keyword.ts';
import { sampleLeftover } from './sample-leftover.ts';
import { scriptInHome } from './script-in-home.ts';
import { scriptInSharedFolder } from './script-in-shared-folder.ts';
import { scriptInsecure } from './script-insecure.ts';
import { scriptTestsNothing } from './script-tests-nothing.ts';
import { scriptTimeout } from './script-timeout.ts';
import { scriptWithoutPath } from './script-without-path.ts';
import { separatorAfterWord } from './separator-after-word.ts';
import { shellCommandUnquoted } from './shell-command-unquoted.ts';
import { shellSyntax } from './shell-syntax.ts';
import { singleQuotedText } from './single-quoted-text.ts';
import { slowDetection } from './slow-detection.ts';
import { smtpAlertWithoutRecipients } from './smtp-alert-without-recipients.ts';
import { typographicCharacter } from './typographic-character.ts';
import { undefinedParameter } from './undefined-parameter.ts';
import { unusedDefinition } from './unused-definition.ts';
import { unusedObject } from './unused-object.ts';
import { wordsAfterCommand } from './words-after-command.ts';

/** Mistakes of the language itself, and of scripts and their words. */
export const languageRules: readonly Rule[] = [
  byteOrderMark,
  commentInsideWord,
  curlWithoutFail,
  devTcpWithoutBash,
  equalsSign,
  extraWords,
  fifoScriptWithoutFifo,
  flagWithArgument,
  globalDefsTooLate,
  killByName,
  lineContinuation,
  lostBackslash,
  manPageBrackets,
  parameterNotExpanded,
  quoteInsideWord,
  quotedInclude,
  relativePath,
  repeatedKeyword,
  sampleLeftover,
  scriptInHome,
  scriptInSharedFolder,
  scriptInsecure,
  scriptTestsNothing,
  scriptTimeout,
  scriptWithoutPath,
  separatorAfterWord,
  shellCommandUnquoted,
  shellSyntax,
  singleQuotedText,
  slowDetection,
  smtpAlertWithoutRecipients,
  typographicCharacter,
  undefinedParameter,
  unusedDefinition,
  unusedObject,
  wordsAfterCommand,
];
