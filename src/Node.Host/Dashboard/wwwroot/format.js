const units = {
  degreeCelsius: "°C", percent: "%", kilopascal: "kPa", lux: "lx", partsPerMillion: "ppm", volt: "V", gForce: "g", degreePerSecond: "°/s",
  hertz: "Hz", second: "s", mebibyte: "MiB", bitPerSecond: "bit/s", decibelMilliwatt: "dBm", unity: "",
};

export const unit = name => units[name] ?? name ?? "";

/** "carbonDioxide" is for programs. */
export const words = name => name.replace(/([a-z])([A-Z0-9])/g, "$1 $2").toLowerCase();

export function number(value) {
  if (value === null || value === undefined) { return "–"; }
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) { return value.toPrecision(4); }
  return String(Number(value.toFixed(size >= 1000 ? 1 : size >= 10 ? 3 : 5)));
}

export function bytes(count) {
  if (count < 1024) { return `${count} B`; }
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1024 / 1024).toFixed(1)} MiB`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) { return "–"; }
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) { return `${days} d ${hours} h`; }
  if (hours > 0) { return `${hours} h ${minutes} min`; }
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

/** ISO 8601's "PT2.5S" as people say it. */
export const interval = text => text.replace(/^P/, "").replace("T", "").replace(/([DHMS])/g, " $1 ").trim().toLowerCase().replace(/\bm\b/, "min");

export const clock = (seconds, withSeconds = true) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour12: false, hour: "2-digit", minute: "2-digit", ...withSeconds ? { second: "2-digit" } : {} });

export const shown = value => value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
