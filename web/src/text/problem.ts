import catalogue from "../../../src/base/codes.json";
import type { Problem } from "../base/http";
import { known, lang, t } from "./text";

const codes = catalogue as unknown as Readonly<Record<string, readonly [zh: string, en: string]>>;

/** What a code of the server means, without a full stop; null for a code nobody wrote words for. */
export function codeWords(code: string): string | null {
  if (!Object.prototype.hasOwnProperty.call(codes, code)) return null;
  return codes[code]![lang.value === "zh" ? 0 : 1];
}

/** The server's own sentence, in English only, that says what the words of the code say already. */
const repeats = (code: string, detail: string): boolean =>
  detail.includes(" ") && codes[code]![1].toLowerCase().includes(detail.toLowerCase());

/** The words of a code with what the server adds to it: "smtp.later 451 greylisted" reads "…
 *  (451 greylisted)". A code without words stays as it is. */
export function codeSaid(said: string): string {
  const [, code = "", detail = ""] = /^(\S+)\s*([\s\S]*)$/.exec(said) ?? [];
  const words = codeWords(code);
  if (words === null) return said;
  return !detail || repeats(code, detail) ? words : words + t("code.detail", { detail });
}

const RIGHTS = /^warning\.(not_ours_to_publish|not_this_post|no_issuing_row|unknown_riskpoint)$/;

/** What is so, then what to do. A code without words of ours is shown in the server's own. */
export function problemWords(problem: Problem): { so: string; todo: string } {
  const words = codeWords(problem.code);
  const name = known(`problem.field.${problem.field}`);
  const where = problem.field ? t("code.at_field", { field: name ? t(name) : problem.field }) : "";
  const wait = problem.retryAfterS ? t("status.retry_after", { s: problem.retryAfterS }) : "";
  const todo = (...parts: string[]): string => parts.filter(Boolean).join(" ");
  if (words !== null) {
    // The issuing rights say in their detail which row and which article; others repeat the words.
    const said = RIGHTS.test(problem.code) ? codeSaid(`${problem.code} ${problem.detail}`) : words;
    return { so: t("code.sentence", { words: said }), todo: todo(where, wait) };
  }
  const status = known(`status.${problem.status}`);
  if (status) return { so: t(status), todo: todo(problem.detail, where, wait) };
  return { so: problem.detail || problem.code, todo: where };
}
