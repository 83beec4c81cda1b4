/** The three roles in plain words. */
import type { Role } from "../../../domain/record";
import { t } from "../../../texts";

export const ROLES: readonly Role[] = ["viewer", "logger", "owner"];

export const roleName = (role: Role): string => t(`members.role_${role}`);

export const roleChoices = (): { value: Role; label: string; hint: string }[] =>
  ROLES.map((value) => ({ value, label: roleName(value), hint: t(`members.may_${value}`) }));
