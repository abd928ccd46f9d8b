/** 和暦 beside 西暦 while a date is typed; the server decides, this line only repeats. */

const DAY_MS = 86_400_000;
const ERAS: readonly (readonly [string, number, string])[] = [
  ["令和", 2019, "2019-05-01"],
  ["平成", 1989, "1989-01-08"],
  ["昭和", 1926, "1926-12-25"],
  ["大正", 1912, "1912-07-30"],
  ["明治", 1868, "1868-10-23"],
];
export const WESTERN = "西暦";

/** Full-width digits and 元 as numbers; NaN for anything else. */
export function digits(text: string): number {
  const plain = text.trim().normalize("NFKC");
  if (plain === "元") return 1;
  return /^\d{1,4}$/.test(plain) ? Number(plain) : Number.NaN;
}

/** The day, or null when the four parts are not one. */
export function dayOf(era: string, year: string, month: string, day: string): Date | null {
  const [y, m, d] = [digits(year), digits(month), digits(day)];
  if ([y, m, d].some(Number.isNaN)) return null;
  const found = ERAS.find(([name]) => name === era);
  if (era !== WESTERN && era !== "" && !found) return null;
  const western = found ? found[1] + y - 1 : y;
  const date = new Date(Date.UTC(western, m - 1, d));
  if (western < 100 || date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return null;
  return eraOf(date) === null || (found && date < new Date(found[2])) ? null : date;
}

function eraOf(date: Date): string | null {
  const found = ERAS.find(([, , start]) => date >= new Date(start));
  if (!found) return null;
  const year = date.getUTCFullYear() - found[1] + 1;
  return `${found[0]}${year === 1 ? "元" : year}年`;
}

/** Both calendars and the weekday: 令和8年11月23日（月）・2026年11月23日. */
export function echoText(date: Date, today: Date): string {
  const month = date.getUTCMonth() + 1;
  const rest = `${month}月${date.getUTCDate()}日`;
  const weekday = "日月火水木金土"[date.getUTCDay()];
  const distance = Math.round((date.getTime() - today.getTime()) / DAY_MS);
  const from = distance === 0 ? "、きょう" : distance > 0 && distance < 100 ? `、${distance}日後` : "";
  return `${eraOf(date)}${rest}（${weekday}）・${date.getUTCFullYear()}年${rest}${from}`;
}

/** Midnight UTC of today's date in Tokyo. */
export function todayInTokyo(now: Date = new Date()): Date {
  const text = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(now);
  return new Date(`${text}T00:00:00Z`);
}
