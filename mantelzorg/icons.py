"""Small line drawings beside words. They add nothing a screen reader needs, so they are hidden from it."""

from django.utils.html import format_html

# Strokes on a field of 24 by 24.
ICONS = {
    "alert": "M12 4 2.8 19.5h18.4L12 4ZM12 10v4M12 17h.01",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "chart": "M4 20h16M7 16v-5M12 16V6M17 16v-8",
    "chat": "M4 5h16v11H9l-5 4z",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3 2",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "cross": "M6 6l12 12M18 6 6 18",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "flag": "M6 21V4h12l-3 4 3 4H6",
    "heart": "M12 20S4 15 4 9a4 4 0 0 1 8-1.5A4 4 0 0 1 20 9c0 6-8 11-8 11Z",
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5M12 8h.01",
    "link": "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    "lock": "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
    "mail": "M3 6h18v12H3zM3 7l9 6 9-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "phone": "M7 3H4c0 10 7 17 17 17v-4l-5-2-2 2c-3-1.5-4.5-3-6-6l2-2z",
    "pin": "M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11ZM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l5 5",
    "transfer": "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21c0-4 4-6 8-6s8 2 8 6",
    "users": "M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM2 20c0-4 3-5 7-5s7 1 7 5M16 4.5a4 4 0 0 1 0 7M18 16c2 0 4 2 4 4",
}

DRAWN = {
    name: format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', path)
    for name, path in ICONS.items()
}


def icon_svg(name: str) -> str:
    return DRAWN[name]
