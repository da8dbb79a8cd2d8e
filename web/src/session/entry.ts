import type { TextKey } from "../text/zh";

export type EntryField = "login" | "password" | "code" | "reason";

const NEEDS: Record<EntryField, TextKey> = {
  login: "login.need_login",
  password: "login.need_password",
  code: "login.need_code",
  reason: "login.need_reason",
};

/** The fields of a login that are still empty, with the words for each. */
export function entryProblems(
  entry: Partial<Record<EntryField, string>>,
): Partial<Record<EntryField, TextKey>> {
  const bad: Partial<Record<EntryField, TextKey>> = {};
  for (const field of Object.keys(NEEDS) as EntryField[])
    if (entry[field]?.trim() === "") bad[field] = NEEDS[field];
  return bad;
}
