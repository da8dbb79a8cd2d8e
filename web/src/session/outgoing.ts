import { Sender } from "../base/sender";
import { csrf, session } from "./session";

/** The page's one sender. It outlives the desk: what a server that restarted has not kept yet is sent
 *  again once the same person stands at the same post again. */
export const outgoing = new Sender(csrf, () =>
  session.value ? `${session.value.login} ${session.value.post}` : "",
);
