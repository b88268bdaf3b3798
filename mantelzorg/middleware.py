"""What every answer carries, whichever room it comes from."""


def no_store(get_response):
    """Pages are about people: no browser or proxy keeps a copy. Static files are served before this."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
