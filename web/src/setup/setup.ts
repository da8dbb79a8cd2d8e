import type { TextKey } from "../text/zh";

/** The server asks for at least this many characters and has the last word. */
export const MIN_PASSWORD = 10;

export interface SetupForm {
  token: string;
  login: string;
  password: string;
  again: string;
}

/** What still keeps the first operator from being made. */
export function setupProblems(form: SetupForm): Partial<Record<keyof SetupForm, TextKey>> {
  const bad: Partial<Record<keyof SetupForm, TextKey>> = {};
  if (!form.token.trim()) bad.token = "setup.need_token";
  if (!/^[A-Za-z0-9._-]{2,32}$/.test(form.login.trim())) bad.login = "setup.need_login";
  if ([...form.password].length < MIN_PASSWORD) bad.password = "setup.need_password";
  if (form.password !== form.again) bad.again = "setup.not_same";
  return bad;
}
