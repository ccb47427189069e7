"""What is wrong with a folder, and how each damage is mended: one module per kind of file.

Mending never invents: what reads is kept, what does not is put aside, and whoever may or may not have been
written to is asked about. `storage.repair` is the way in.
"""
