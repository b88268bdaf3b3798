"""The square that a phone reads, as one path of an svg: an image from a `data:` address is refused by our own rules."""

import qrcode

BORDER = 4  # white squares around it, as the norm asks


def square_of(text: str) -> dict[str, int | str]:
    code = qrcode.QRCode(border=BORDER, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": path}
