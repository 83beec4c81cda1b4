import { dateAndTime, dayDate } from "../../../parts/words";

/** allauth tells moments in seconds. */
export const day = (seconds: number): string => dayDate(new Date(seconds * 1000).toISOString());
export const moment = (seconds: number): string => dateAndTime(new Date(seconds * 1000).toISOString());
