/** One mail that this node put into its own mailbox. */
export interface Mail {
  id: string;
  at: string;
  from: string;
  to: string;
  to_name: string | null;
  subject: string;
  body: string;
  link: string | null;
  call: string | null;
}

/** The mail on screen: the one chosen, else the newest. */
export const shownMail = (mails: readonly Mail[] | null, chosen: string | null): Mail | undefined =>
  mails?.find((one) => one.id === chosen) ?? mails?.[0];

/** The body with its http addresses as links; nothing else of it is ever treated as markup. */
export function splitBody(body: string): { text: string; href?: string }[] {
  const parts: { text: string; href?: string }[] = [];
  let at = 0;
  for (const found of body.matchAll(/https?:\/\/[^\s<>"'，。；）)]+/g)) {
    if (found.index > at) parts.push({ text: body.slice(at, found.index) });
    parts.push({ text: found[0], href: found[0] });
    at = found.index + found[0].length;
  }
  if (at < body.length) parts.push({ text: body.slice(at) });
  return parts;
}
