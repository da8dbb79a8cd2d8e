import { zhCall } from "./zh_call";
import { zhColumns } from "./zh_columns";
import { zhDesk } from "./zh_desk";
import { zhRest } from "./zh_rest";
import { zhRights } from "./zh_rights";

/** Every word of the interface, Chinese first. A key missing in another language fails the type
 *  check. */
export const zh = { ...zhDesk, ...zhCall, ...zhColumns, ...zhRest, ...zhRights } as const;

export type TextKey = keyof typeof zh;
