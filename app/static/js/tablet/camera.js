// The camera and what it reads: the browser's own detector where there is one, else zxing; a code is told once while it is in view.
const EVERY_MS = 150;
const SAME_MS = 3000;
const WIDEST = 1280;

async function detector() {
  if ("BarcodeDetector" in globalThis) {
    try {
      if ((await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
        const own = new BarcodeDetector({ formats: ["qr_code"] });
        return async (picture) => (await own.detect(picture))[0]?.rawValue || "";
      }
    } catch { /* listed, but without the service behind it */ }
  }
  const { prepareZXingModule, readBarcodes } = await import("../../vendor/zxing-wasm@3.1.4/reader/index.js");
  const wasm = new URL("../../vendor/zxing-wasm@3.1.4/zxing_reader.wasm", import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (picture) => {
    const [width, height] = [picture.videoWidth || picture.width, picture.videoHeight || picture.height];
    const scale = Math.min(1, WIDEST / Math.max(width, height));
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found[0]?.text || "";
  };
}

let reader = null;
export const decode = async (picture) => (await (reader ??= detector()))(picture);

export class Camera {
  constructor(video, tell) {
    Object.assign(this, { video, tell, stream: null, timer: null, last: "", seen: 0, stopped: false });
  }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: WIDEST }, height: { ideal: 720 } } });
    this.video.srcObject = this.stream;
    await this.video.play();
    await (reader ??= detector());
    if (this.stopped) return this.stop();
    this.look();
  }

  get hasTorch() {
    return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  async torch(on) {
    try {
      await this.stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
      return true;
    } catch {
      return false;
    }
  }

  async look() {
    if (this.stopped) return;
    const text = this.video.readyState >= 2 ? await decode(this.video).catch(() => "") : "";
    if (this.stopped) return;
    const now = Date.now();
    if (text) {
      const again = text === this.last && now - this.seen < SAME_MS;
      Object.assign(this, { last: text, seen: now });
      if (!again) this.tell(text);
    }
    this.timer = setTimeout(() => this.look(), EVERY_MS);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.video.srcObject = null;
  }
}
