import { ways as server, type Calendar, type Channels, type GivenAddress } from "../api/ways";

/** Ways of being told beside this phone and mail. Nothing of it is queued or kept here: it is asked for and said online. */
export class Ways {
  /** Null until it was asked for. Its address is known from making it until this page is left, and nowhere else. */
  calendar = $state.raw<Calendar | null>(null);
  channels = $state.raw<Channels | null>(null);
  /** Whether somebody can be told by an address they gave. */
  readonly reaches: boolean = $derived(this.channels?.addresses.some(({ channel, state }) => channel !== "email" && state === "active") ?? false);

  isOffered = (channel: string): boolean => this.channels?.offered.includes(channel) ?? false;
  given = (channel: string): GivenAddress | null => this.channels?.addresses.find((each) => each.channel === channel) ?? null;

  async lookAtCalendar(): Promise<void> {
    const { created_at } = await server.calendar();
    const isSame = created_at !== null && created_at === this.calendar?.created_at;
    if (!isSame) this.calendar = { created_at }; // one that was made elsewhere has an address of its own
  }

  /** A new secret address; the one before opens nothing any more. */
  async makeCalendar(): Promise<void> {
    this.calendar = await server.makeCalendar();
  }

  async endCalendar(): Promise<void> {
    await server.endCalendar();
    this.calendar = { created_at: null };
  }

  async lookAtChannels(): Promise<void> {
    this.channels = await server.channels();
  }

  async give(channel: string, address: string): Promise<void> {
    await server.giveAddress(channel, address);
    await this.lookAtChannels();
  }

  async drop(channel: string): Promise<void> {
    await server.dropAddress(channel);
    await this.lookAtChannels();
  }
}

export const ways = new Ways();
