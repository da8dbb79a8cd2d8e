import { enDesk } from "./en_desk";
import { enRest } from "./en_rest";
import { enRights } from "./en_rights";
import type { TextKey } from "./zh";

export const en: Record<TextKey, string> = { ...enDesk, ...enRest, ...enRights };
