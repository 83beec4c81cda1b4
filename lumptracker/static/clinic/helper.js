// The camera with the earlier picture over it. Without this script the file field does the same, with the picture above.
"use strict";

const part = (id) => document.getElementById(id);
const like = part("like");
const live = part("live");

async function start() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 2048 } } });
  } catch {
    part("by-live").hidden = true; // no camera, or not allowed: the file field stays
    return;
  }
  live.srcObject = stream;
  live.hidden = false;
  await live.play();
  part("view").classList.add("over");
  part("controls").hidden = false;
  part("send").hidden = true;
  if (like) part("ghost").addEventListener("input", fade);
  else part("ghost").hidden = part("ghost").labels[0].hidden = true;
  fade();
  part("take").addEventListener("click", () => take(stream));
}

function fade() {
  if (like) like.style.opacity = String(part("ghost").value / 100);
}

function take(stream) {
  const canvas = document.createElement("canvas");
  canvas.width = live.videoWidth;
  canvas.height = live.videoHeight;
  canvas.getContext("2d").drawImage(live, 0, 0);
  canvas.toBlob((picture) => {
    for (const track of stream.getTracks()) track.stop();
    const files = new DataTransfer();
    files.items.add(new File([picture], "photo.jpg", { type: "image/jpeg" }));
    part("image").files = files.files;
    part("take").disabled = true;
    part("send").requestSubmit();
  }, "image/jpeg", 0.92);
}

if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
  part("by-live").hidden = false;
  part("start").addEventListener("click", start);
}
