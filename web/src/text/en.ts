import { enCall } from "./en_call";
import { enColumns } from "./en_columns";
import { enDesk } from "./en_desk";
import { enRest } from "./en_rest";
import { enRights } from "./en_rights";
import type { TextKey } from "./zh";

export const en: Record<TextKey, string> = {
  ...enDesk,
  ...enCall,
  ...enColumns,
  ...enRest,
  ...enRights,
};
