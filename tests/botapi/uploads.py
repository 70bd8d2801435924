"""Files that come in with a call: a picture must be one, and nothing is empty or too big."""

import io
import mimetypes
from typing import Any, NamedTuple

from PIL import Image, UnidentifiedImageError
from telegram.constants import FileSizeLimit

from tests.botapi.chats import Chats, File
from tests.botapi.refused import Refused, bad

Json = dict[str, Any]


class Upload(NamedTuple):
    data: bytes
    filename: str


def photo(chats: Chats, given: Any) -> Json:
    """The `photo` of a message: one size, as the double does not scale."""
    if isinstance(given, str):
        return {"photo": [_known(chats, given).json]}
    content = _content(given, FileSizeLimit.PHOTOSIZE_UPLOAD)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            width, height = picture.size
    except (UnidentifiedImageError, OSError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    file = chats.keep_file(content, file_name=given.filename)
    file.json |= {"width": width, "height": height}
    return {"photo": [file.json]}


def document(chats: Chats, given: Any) -> Json:
    if isinstance(given, str):
        return {"document": _known(chats, given).json}
    content = _content(given, FileSizeLimit.FILESIZE_UPLOAD)
    file = chats.keep_file(content, file_name=given.filename)
    kind = mimetypes.guess_type(given.filename)[0] or "application/octet-stream"
    file.json |= {"file_name": given.filename, "mime_type": kind}
    return {"document": file.json}


def _content(given: Upload, most: int) -> bytes:
    if not given.data:
        raise bad("file must be non-empty")
    if len(given.data) > most:
        raise Refused(400, "file is too big")
    return given.data


def _known(chats: Chats, file_id: str) -> File:
    if file_id not in chats.files:
        raise bad("wrong remote file identifier specified: Wrong string length")
    return chats.files[file_id]
