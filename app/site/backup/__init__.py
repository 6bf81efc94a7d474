"""A backup: one archive of everything that a site needs to live again elsewhere, and the way back from it.

`archive` is the container, `rows` what a database says without being one, `contents` which files belong to it, `sealed`
how it is encrypted; `create` and `restore` are the deeds, `staging` where a restore is made before anything is in its
place, `outside` what is known from outside the archive, `upgrading` the backup that every upgrade begins with.
"""
