import type { Problem } from "../base/http";
import { known, t } from "./text";

/** What is so, then what to do. A code without words of ours is shown in the server's own. */
export function problemWords(problem: Problem): { so: string; todo: string } {
  const key = known(`code.${problem.code}`);
  const where = problem.field ? t("code.at_field", { field: problem.field }) : "";
  if (key) return { so: t(key, { detail: problem.detail, field: problem.field }), todo: where };
  const status = known(`status.${problem.status}`);
  const wait = problem.retryAfterS ? t("status.retry_after", { s: problem.retryAfterS }) : "";
  if (status)
    return { so: t(status), todo: [problem.detail, where, wait].filter(Boolean).join(" ") };
  return { so: problem.detail || problem.code, todo: where };
}
