"""Visual front ends: from pictures to the features that networks see.

`front_end` says what a front end is, `registry` knows which there are. A front end is one module
with a subclass of `FrontEnd`, and one line in the registry: docs/frontends.md.
"""
