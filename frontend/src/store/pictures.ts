import { ApiError, type Server } from "../api";
import type { Database, Picture } from "./db";

function form(picture: Picture, bytes: ArrayBuffer): FormData {
  const data = new FormData();
  data.set("image", new Blob([bytes], { type: picture.type }), "image"); // the camera's file name stays on the phone
  data.set("observation", picture.observation);
  data.set("taken_at", picture.taken_at);
  if (picture.sha256) data.set("sha256", picture.sha256);
  return data;
}

/** Pictures go after the entries they belong to, one at a time; the bytes leave the phone once the server has them. */
export async function sendPictures(db: Database, server: Pick<Server, "putPhoto">): Promise<number> {
  const waiting = await db.getAllFromIndex("pictures", "state", "waiting");
  let sent = 0;
  for (const picture of waiting) {
    const isEntryUnsent = (await db.countFromIndex("outbox", "id", picture.observation)) > 0 && !(await isKnown(db, picture));
    const row = await db.get("records", picture.id);
    if (!picture.bytes || isEntryUnsent || !row || row.hidden) continue;
    try {
      await server.putPhoto(picture.id, form(picture, picture.bytes));
      await db.put("pictures", { ...picture, bytes: null, state: "sent" });
      sent += 1;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401 || error.status === 403) throw error;
      await db.put("pictures", { ...picture, state: "refused", problem: error.toJSON() });
    }
  }
  return sent;
}

async function isKnown(db: Database, picture: Picture): Promise<boolean> {
  return ((await db.get("records", picture.observation))?.base ?? null) !== null;
}

/** Tries a refused picture again. */
export async function retryPicture(db: Database, id: string): Promise<void> {
  const picture = await db.get("pictures", id);
  if (picture?.bytes) await db.put("pictures", { ...picture, state: "waiting", problem: null });
}

/** An errand that is refused waits with its reason: "booked", sent after that day, has not reached the reminders. */
export async function sendErrands(db: Database, server: Pick<Server, "post">): Promise<number> {
  let sent = 0;
  for (const errand of await db.getAll("errands")) {
    if (errand.problem) continue;
    try {
      await server.post(errand.path, errand.body);
      sent += 1;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error;
      if (error.status !== 404) {
        await db.put("errands", { ...errand, problem: error.toJSON() });
        continue;
      } // what it answers was deleted: nothing is left to say
    }
    await db.delete("errands", errand.seq);
  }
  return sent;
}

/** Tries a refused errand again. */
export async function retryErrand(db: Database, seq: number): Promise<void> {
  const errand = await db.get("errands", seq);
  if (errand) await db.put("errands", { ...errand, problem: null });
}
