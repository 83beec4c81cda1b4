"""How the clinician's page says dates, sizes, ages and names. Plain values in, short text out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracking.history import PartialDate
from tracking.texts import say


def zone_of(name: str) -> ZoneInfo:
    """The person's time zone; UTC where it is not known here, as the contract reads a missing one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_text(day: date, *, year: bool = False) -> str:
    """3 Nov, or 3 Nov 2026."""
    key = "calendar.day_and_year" if year else "calendar.day"
    return say(key, day=day.day, month=_named("months", day.month - 1), year=day.year)


def near_day_text(day: date, *, today: date) -> str:
    """With the year only where it could be mistaken: over ten months away."""
    return day_text(day, year=abs((today - day).days) > 300)


def instant_text(instant: datetime) -> str:
    """Sun 22 Nov 2026, 14:02 GMT."""
    weekday, zone = _named("weekdays", instant.weekday()), instant.tzname() or ""
    return say(
        "calendar.instant", weekday=weekday, day=day_text(instant.date(), year=True), time=f"{instant:%H:%M}", zone=zone
    ).strip()


def _named(row: str, number: int) -> str:
    """The n-th of a row of short names: months from January, weekdays from Monday."""
    return say(f"calendar.{row}").split()[number]


def span_text(days: int) -> str:
    """How long that is, in the unit a person would say: days up to two weeks, weeks up to half a year."""
    if days < 14:
        return say("clinic.days_one" if days == 1 else "clinic.days", count=days)
    if days < 183:
        return say("clinic.weeks", count=days // 7)
    if days < 730:
        return say("clinic.months", count=int(days / 30.44))
    return say("clinic.years", count=int(days / 365.25))


def mm_text(length_mm: float) -> str:
    """21, 8.5: without a unit, without a nought that was not measured."""
    return f"{length_mm:.1f}".removesuffix(".0").replace(".", say("calendar.decimal_point"))


def number_text(number: float) -> str:
    """Two figures: all that an estimate deserves."""
    return (f"{number:.2g}" if number < 10 else f"{number:.0f}").replace(".", say("calendar.decimal_point"))


def initials(name: str) -> str:
    """A. L. for a name; nothing for none."""
    return " ".join(f"{part[0].upper()}." for part in name.split()[:4] if part[0].isalpha())


def age_text(birth: PartialDate | None, *, on: date) -> str:
    """Age in years, in months under two, as a range where the birth date is known to the year or month only."""
    if birth is None:
        return say("clinic.age_unknown")
    youngest, oldest = _years(birth.latest, on), _years(birth.earliest, on)
    if oldest < 2:
        low, high = _months(birth.latest, on), _months(birth.earliest, on)
        return say("clinic.age_months", age=str(low) if low == high else f"{low}–{high}")
    return say("clinic.age_years", age=str(oldest) if youngest == oldest else f"{youngest}–{oldest}")


def _years(birth: date, on: date) -> int:
    return max(0, on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))


def _months(birth: date, on: date) -> int:
    return max(0, (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day))
