import { expect, test } from "vitest";
import { isServerPath, noticeFrom, safeTarget, spoken, tagOf } from "./push-text";

const PLAIN = "Please open the app";
const origin = "https://tracker.example.org";

test("the declarative form is shown as it says", () => {
  const said = JSON.stringify({ web_push: 8030, notification: { title: "Time for your check", navigate: `${origin}/#/lumps`, tag: "a1" } });
  const { title, options } = noticeFrom(() => said, {}, PLAIN);
  expect(title).toBe("Time for your check");
  expect(options.tag).toBe("a1");
  expect(options.data.navigate).toBe(`${origin}/#/lumps`);
});

test("what was told before and has haste stays until it is seen to", () => {
  const stays = (more: object) => noticeFrom(() => JSON.stringify({ notification: { title: "Tracker", ...more } }), {}, PLAIN).options.requireInteraction;
  expect(stays({ requireInteraction: true })).toBe(true);
  expect(stays({})).toBeUndefined();
  expect(stays({ requireInteraction: "yes" })).toBeUndefined();
});

test.each(["", "not json", "null", "[]", '{"notification": null}', '{"notification": {"title": 7}}'])(
  "a message like %j still shows something plain",
  (said) => {
    expect(noticeFrom(() => said, {}, PLAIN).title).toBe(PLAIN);
  },
);

test("a message that cannot be read at all still shows something plain", () => {
  const unreadable = () => {
    throw new TypeError("cannot be decoded");
  };
  expect(noticeFrom(unreadable, {}, PLAIN).title).toBe(PLAIN);
});

test("a press leads only to places of this origin", () => {
  expect(safeTarget(`${origin}/#/lump/1`, origin)).toBe("/#/lump/1");
  expect(safeTarget("/#/lump/1", origin)).toBe("/#/lump/1");
  expect(safeTarget("https://elsewhere.example.org/x", origin)).toBe("/");
  expect(safeTarget("javascript:alert(1)", origin)).toBe("/");
  expect(safeTarget("//elsewhere.example.org/", origin)).toBe("/");
  expect(safeTarget(undefined, origin)).toBe("/");
});

test("the app's page never stands in for the server's own pages", () => {
  for (const path of ["/api/v1/me/", "/_allauth/browser/v1/config", "/admin/", "/s/", "/s", "/shl/abc/", "/healthz"]) {
    expect(isServerPath(path), path).toBe(true);
  }
  for (const path of ["/", "/index.html", "/sw.js", "/assets/index-1.js"]) expect(isServerPath(path), path).toBe(false);
});

test("what can be answered is offered in the push's own language, and only where it says what is answered", () => {
  const words = { en: "I have read it", es: "Lo he leído" };
  const said = (notification: object) => () => JSON.stringify({ web_push: 8030, notification });
  const actions = (notification: object) => noticeFrom(said(notification), words, PLAIN).options.actions?.map(({ title }) => title);
  expect(actions({ title: "Tracker", tag: "a1", lang: "es" })).toEqual(["Lo he leído"]);
  expect(actions({ title: "Tracker", lang: "es" })).toBeUndefined();
  expect(actions({ title: "Tracker", tag: "a1", lang: "de" })).toBeUndefined();
});

test("a notification has the tag that the server gives to its pushes", async () => {
  // hashlib.sha256(b"topic:" + UUID(int=7).bytes), base64url, sixteen letters
  expect(await tagOf("00000000-0000-0000-0000-000000000007")).toBe("QKUEELhg2zZV5tqs");
});

test("what the worker says by itself is said in the phone's own language, English where we speak none of them", () => {
  const words = { en: PLAIN, es: "Abre la aplicación, por favor" };
  expect(spoken(words, ["de-AT", "es-MX", "en"])).toBe(words.es);
  expect(spoken(words, ["de"])).toBe(PLAIN);
  expect(spoken(words, [])).toBe(PLAIN);
});
