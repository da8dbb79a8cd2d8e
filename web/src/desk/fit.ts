/** Heights of the left column in px; the same as in the panels' styles. */
const HEAD = 32;
const SILENT_HEAD = 40;
const GRAVEST = 92;
const WARNING = 44;
const ROW = 36;
const MORE = 32;

/** How many rows each list of the left column shows in `height` px. Who is silent and what waits
 *  never shrink below three rows for the sake of graver colours above; what is left out is said
 *  in words. */
export function fitColumn(
  height: number,
  force: number,
  silent: number,
): { force: number; silent: number; waiting: number } {
  const fixed = HEAD + SILENT_HEAD + HEAD;
  const leastWaiting = 3 * ROW + MORE;
  const silentWish = Math.min(silent, 9);
  const leastSilent = Math.min(silentWish, 3) * ROW + (silent > 3 ? MORE : 0);
  let room = height - fixed - leastWaiting - leastSilent - GRAVEST;
  const others = Math.max(0, force - 1);
  let shown = Math.max(0, Math.min(others, Math.floor(room / WARNING)));
  if (shown < others) shown = Math.max(0, Math.min(shown, Math.floor((room - MORE) / WARNING)));
  room -= shown * WARNING + (shown < others ? MORE : 0);
  let quiet = Math.min(silentWish, 3);
  const more = Math.max(0, Math.min(silentWish - quiet, Math.floor(room / ROW)));
  quiet += more;
  room -= more * ROW;
  return {
    force: 1 + shown,
    silent: Math.max(1, quiet),
    waiting: 3 + Math.max(0, Math.floor(room / ROW)),
  };
}
