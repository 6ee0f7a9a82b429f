// How loud a stream is, for a meter and for knowing that somebody speaks.

const BEAT = 50; // ms between looks
const SPEAKS = 0.02; // of full scale, as the mean of squares has it
const HOLDS = 700; // ms that somebody still speaks after the last loud moment

/** @type {AudioContext|null} */
let context = null;

/**
 * @param {MediaStream} stream
 * @param {(level: number, speaks: boolean) => void} told level from 0 to 1
 * @returns {() => void} stops listening
 */
export function listen(stream, told) {
  if (!stream.getAudioTracks().length) return () => {};
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  const ear = context.createAnalyser();
  ear.fftSize = 1024;
  const source = context.createMediaStreamSource(stream);
  source.connect(ear);
  const samples = new Float32Array(ear.fftSize);
  let last = -Infinity;
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    if (level > SPEAKS) last = performance.now();
    told(Math.min(level * 4, 1), performance.now() - last < HOLDS);
  }, BEAT);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
