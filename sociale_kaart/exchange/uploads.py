"""A file that is too big is not kept, not even for a moment: what arrives of it is let go."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

TOO_BIG = "mantelzorg.upload_too_big"  # in request.META


class NothingTooBig(FileUploadHandler):
    """First of all handlers: the others see nothing of a file that passes the limit."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.is_too_big = content_length > settings.IMPORT_MAX_BYTES + 100_000  # for what goes along with the file

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.size = 0
        if self.is_too_big:
            self._refuse()

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.size > settings.IMPORT_MAX_BYTES:
            self._refuse()
        return raw_data

    def file_complete(self, file_size):
        return None

    def _refuse(self):
        if self.request is not None:
            self.request.META[TOO_BIG] = True
        raise SkipFile
