/** Ways of being told beside this phone and mail: a calendar of one's own, and addresses that the person types in. */
import { api } from "./http";

export interface Calendar {
  /** Null while there is none. */
  created_at: string | null;
  /** The secret address, said once: in the answer that made it. */
  url?: string;
}

export interface GivenAddress {
  channel: string;
  address: string;
  /** `broken`: we are refused there; `gone`: nobody is there any more. */
  state: "active" | "broken" | "gone";
}

export interface Channels {
  /** Those that this server offers. */
  offered: string[];
  addresses: GivenAddress[];
}

export const ways = {
  calendar: () => api<Calendar>("GET", "calendar/"),
  makeCalendar: () => api<Calendar>("POST", "calendar/", {}),
  endCalendar: () => api<null>("DELETE", "calendar/"),
  channels: () => api<Channels>("GET", "channels/"),
  giveAddress: (channel: string, address: string) => api<GivenAddress>("PUT", `channels/${channel}/`, { address }),
  dropAddress: (channel: string) => api<null>("DELETE", `channels/${channel}/`),
};
