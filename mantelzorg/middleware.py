"""What every answer carries, whichever room it comes from. Outermost: also what goes wrong further in has it."""

# What a page of ours may ask of a browser: to copy the two lines for somebody's own records, and for her passkey.
OURS = {"clipboard-write", "publickey-credentials-create", "publickey-credentials-get"}
NOBODYS = {
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture"),
    *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial"),
    *("storage-access", "usb", "window-management", "xr-spatial-tracking"),
}
PERMISSIONS_POLICY = ", ".join(
    [*(f"{name}=()" for name in sorted(NOBODYS)), *(f"{name}=(self)" for name in sorted(OURS))]
)


def headers(get_response):
    """Pages are about people: no browser or proxy keeps a copy. Static files say for themselves how long they last."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
