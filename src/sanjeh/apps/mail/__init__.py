"""Letters by e-mail: a queue in the database, sent in the background, tried again, never twice.

`queue` keeps a letter in the transaction of whoever writes it; `sending` brings it on its way by
Django's e-mail backend; `Postman` is the thread that does so. To send another sort of letter,
call `queue` with a kind of its own.
"""
